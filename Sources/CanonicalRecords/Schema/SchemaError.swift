/// Why descriptors cannot be read as a schema: it happens to developers who change the `.proto` files, never to users.
struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, naming the message, field or enum.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
