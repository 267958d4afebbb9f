/// Ends the run with a message, which the fuzzer takes for a crash and keeps the input of.
public func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard condition else { fatalError(message()) }
}

/// Requires two values to be equal, and shows both where they are not.
public func requireEqual<Value: Equatable>(_ one: Value, _ other: Value, _ message: @autoclosure () -> String) {
    guard one == other else { fatalError("\(message())\n  \(one)\n  \(other)") }
}
