/// Puts DER values together.
enum DERWriter {
    /// Tag, length and content.
    static func value(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
        var result = header(tag, length: Int64(content.count))
        result.append(contentsOf: content)
        return result
    }

    /// Tag and length of a value whose content follows elsewhere.
    static func header(_ tag: UInt8, length: Int64) -> [UInt8] {
        guard length >= 0x80 else { return [tag, UInt8(length)] }
        var octets: [UInt8] = []
        var rest = length
        while rest > 0 {
            octets.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(octets.count)] + octets.reversed()
    }

    /// SEQUENCE of values that are DER already.
    static func sequence(_ parts: [UInt8]...) -> [UInt8] { value(DERTag.sequence, parts.joined().map { $0 }) }

    /// SET OF values that are DER already, in the order that X.690 clause 11.6 sets.
    static func setOf(_ parts: [[UInt8]]) -> [UInt8] { value(DERTag.set, sorted(parts).joined().map { $0 }) }

    /// The order of a SET OF: by the encodings, a shorter one padded with zeros.
    static func sorted(_ parts: [[UInt8]]) -> [[UInt8]] {
        parts.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// OCTET STRING.
    static func octets(_ bytes: some Collection<UInt8>) -> [UInt8] { value(DERTag.octetString, bytes) }

    /// INTEGER of a number that is not negative.
    static func integer(_ number: UInt64) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = number
        repeat {
            octets.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        } while rest > 0
        if octets[octets.count - 1] >= 0x80 { octets.append(0) }
        return value(DERTag.integer, octets.reversed())
    }

    /// INTEGER of an unsigned big-endian number.
    static func integer(unsigned bytes: some Collection<UInt8>) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return value(DERTag.integer, digits.isEmpty ? [0] : (digits[0] >= 0x80 ? [0] : []) + digits)
    }

    /// NULL.
    static let null: [UInt8] = [DERTag.null, 0]
}
