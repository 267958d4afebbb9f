/// The extra field of a ZIP header, taken apart.
struct ZipExtraField {
    /// How many bytes it takes.
    let size: Int
    /// The ZIP64 values, if there are any.
    private(set) var zip64: ArraySlice<UInt8>?
    /// The name in the Info-ZIP Unicode path field, if there is one.
    private(set) var unicodePath: ArraySlice<UInt8>?
    /// What is wrong with it.
    private(set) var flaw: Flaw?

    enum Flaw: Hashable {
        case cutOff
        case repeated(Int)
        case encryption
        case link
        case unknown(Int)
    }

    // Times, owners, alignment and remarks: they change nothing of name, size or content.
    private static let harmless: Set<Int> = [
        0x000A, 0x5455, 0x5855, 0x7855, 0x7875, 0x6375, 0xCAFE, 0xD935, 0xA11E,
    ]

    init(_ bytes: ArraySlice<UInt8>) {
        size = bytes.count
        var fields = ZipFields(bytes)
        var seen: Set<Int> = []
        while fields.remaining > 0, flaw == nil {
            guard let (id, value) = Self.next(&fields) else {
                flaw = .cutOff
                break
            }
            if seen.insert(id).inserted {
                take(id, value)
            } else {
                flaw = .repeated(id)
            }
        }
    }

    private static func next(_ fields: inout ZipFields) -> (id: Int, value: ArraySlice<UInt8>)? {
        guard fields.remaining >= 4 else { return nil }
        let id = fields.number16()
        let count = fields.number16()
        return fields.remaining >= count ? (id, fields.take(count)) : nil
    }

    private mutating func take(_ id: Int, _ value: ArraySlice<UInt8>) {
        switch id {
        case 0x0001: zip64 = value
        case 0x7075: unicodePath = value.dropFirst(5)
        case 0x0014...0x0019, 0x9901: flaw = .encryption
        // PKWARE Unix and ASi Unix can hold the target of a link.
        case 0x000D, 0x756E: flaw = .link
        case let id where Self.harmless.contains(id): break
        default: flaw = .unknown(id)
        }
    }
}
