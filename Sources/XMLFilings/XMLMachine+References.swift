extension XMLMachine {
    /// Resolves the reference at the `&` at `start` into `scratch`; returns the index behind its `;`.
    ///
    /// Without a DTD there are character references and the five entities of section 4.6, so nothing can expand
    /// further.
    mutating func readReference(_ start: Int) throws(Stop) -> Int {
        if buffer.peek(start + 1) == UInt8(ascii: "#") { return try readCharacterReference(start) }
        var end = start + 1
        while isEntityNameByte(buffer.peek(end)) { end += 1 }
        guard end - start <= limits.nameSize else { throw Stop(.limitNameSize, at: start) }
        guard end < buffer.count else { throw Stop(.incomplete, at: start) }
        guard buffer.peek(end) == UInt8(ascii: ";"), NameCharacters.firstFlaw(in: buffer, start + 1, end) == nil else {
            throw Stop(.reference, at: start, to: end + 1)
        }
        guard let byte = predefinedEntity(start + 1, end) else {
            throw Stop(.entity, at: start, from: start + 1, to: end)
        }
        scratch.append(byte)
        return end + 1
    }

    private mutating func isEntityNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...0xFF:
            true
        default: false
        }
    }

    private mutating func predefinedEntity(_ start: Int, _ end: Int) -> UInt8? {
        guard end - start <= 4 else { return nil }
        var name: UInt32 = 0
        for index in start..<end { name = name << 8 | UInt32(buffer.peek(index)) }
        switch name {
        case 0x616D70: return UInt8(ascii: "&")  // amp
        case 0x6C74: return UInt8(ascii: "<")  // lt
        case 0x6774: return UInt8(ascii: ">")  // gt
        case 0x71756F74: return UInt8(ascii: "\"")  // quot
        case 0x61706F73: return UInt8(ascii: "'")  // apos
        default: return nil
        }
    }

    private mutating func readCharacterReference(_ start: Int) throws(Stop) -> Int {
        let isHexadecimal = buffer.peek(start + 2) == UInt8(ascii: "x")
        let first = start + (isHexadecimal ? 3 : 2)
        var scalar: UInt32 = 0
        var end = first
        while let digit = digit(buffer.peek(end), isHexadecimal: isHexadecimal) {
            // Past the last character it does not matter by how much.
            scalar = min(scalar * (isHexadecimal ? 16 : 10) + digit, 0x11_0000)
            end += 1
        }
        guard end - start <= limits.nameSize else { throw Stop(.limitNameSize, at: start) }
        guard end < buffer.count else { throw Stop(.incomplete, at: start) }
        guard end > first, buffer.peek(end) == UInt8(ascii: ";"), NameCharacters.isCharacter(scalar),
            let character = Unicode.Scalar(scalar)
        else { throw Stop(.characterReference, at: start, from: start, to: end + 1) }
        for byte in character.utf8 { scratch.append(byte) }
        return end + 1
    }

    private mutating func digit(_ byte: UInt8, isHexadecimal: Bool) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f") where isHexadecimal: UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F") where isHexadecimal: UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
