/// The tables of GB 18030-2022, built once from the characters of the two-byte codes.
enum GB18030Table {
    /// Two-byte codes.
    static let twoByteCount = 23_940
    /// Four-byte codes of the Basic Multilingual Plane: linear 0..<39,420 is 81308130–8431A439.
    static let fourByteCount = 39_420
    /// The linear value of 90308130, which is U+10000.
    static let supplementaryStart = 189_000

    /// Two-byte code to scalar, all codes. The index is ``index(lead:trail:)``; 0 where there is no code.
    static let twoByte: [UInt16] = makeTwoByte()

    /// As ``twoByte``, with 0 also for private use: the fast loop treats what is 0 with care.
    static let twoByteCommon: [UInt16] = twoByte.map { isPrivateUse(UInt32($0)) ? 0 : $0 }

    /// Linear four-byte value to scalar, within the Basic Multilingual Plane.
    static let fourByte: [UInt16] = makeFourByte()

    /// Scalar of the Basic Multilingual Plane to its code: below ``twoByteCount`` the position of a two-byte code in the
    /// order of the codes, from there on the linear four-byte value. Meaningless for ASCII and surrogates.
    static let encoding: [UInt16] = makeEncoding()

    /// Where a two-byte code is in ``twoByte``: rows of 192, for trail bytes 40–FF.
    @inline(__always)
    static func index(lead: UInt8, trail: UInt8) -> Int {
        Int(lead &- 0x81) &* 192 &+ Int(trail &- 0x40)
    }

    static func isPrivateUse(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: true
        default: false
        }
    }

    private static func index(position: Int) -> Int {
        let trail = position % 190
        return position / 190 * 192 + (trail < 0x3F ? trail : trail + 1)
    }

    private static func makeTwoByte() -> [UInt16] {
        var table = [UInt16](repeating: 0, count: 126 * 192)
        var position = 0
        for scalar in GB18030Characters.rows.unicodeScalars where scalar != "\n" {
            if scalar != GB18030Characters.privateUsePlaceholder {
                table[index(position: position)] = UInt16(scalar.value)
            }
            position += 1
        }
        for run in GB18030Characters.privateUse {
            let first = index(lead: UInt8(run.firstCode >> 8), trail: UInt8(run.firstCode & 0xFF))
            // A run may step over the gap at 7F, never over the end of a row.
            var index = first
            for offset in 0..<run.count {
                if index % 192 == 0x3F { index += 1 }
                table[index] = run.firstScalar + UInt16(offset)
                index += 1
            }
        }
        return table
    }

    // The four-byte codes were dealt out in 2000, to what had no two-byte code then. Later changes are swaps.
    private static func makeFourByte() -> [UInt16] {
        var hasTwoBytes = [Bool](repeating: false, count: 0x10000)
        for scalar in twoByte { hasTwoBytes[Int(scalar)] = true }
        var swapped: [UInt16: UInt16] = [:]
        for change in GB18030Characters.changes {
            hasTwoBytes[Int(change.scalar)] = false
            hasTwoBytes[Int(change.formerScalar)] = true
            swapped[change.scalar] = change.formerScalar
        }
        var table: [UInt16] = []
        table.reserveCapacity(fourByteCount)
        for scalar in UInt16(0x80)...0xFFFF where scalar & 0xF800 != 0xD800 && !hasTwoBytes[Int(scalar)] {
            table.append(swapped[scalar] ?? scalar)
        }
        return table
    }

    private static func makeEncoding() -> [UInt16] {
        var table = [UInt16](repeating: 0, count: 0x10000)
        for position in 0..<twoByteCount { table[Int(twoByte[index(position: position)])] = UInt16(position) }
        for (linear, scalar) in fourByte.enumerated() { table[Int(scalar)] = UInt16(twoByteCount + linear) }
        return table
    }
}

/// One character of GB18030.
enum GB18030Character {
    /// Looks at the character that begins at `index`, which lies inside `bytes`.
    ///
    /// After a lead byte that nothing valid follows, only the lead byte is invalid: an ASCII byte behind it (a comma, a
    /// line end) is read again by itself. A four-byte code that stands for nothing is invalid as a whole.
    static func step(_ bytes: Span<UInt8>, at index: Int) -> CharacterStep {
        let lead = bytes[index]
        guard lead >= 0x80 else { return .scalar(UInt32(lead), length: 1) }
        guard lead >= 0x81, lead <= 0xFE else { return .invalid(length: 1) }
        guard index + 1 < bytes.count else { return .incomplete }
        let second = bytes[index + 1]
        if second >= 0x40 {
            let scalar = GB18030Table.twoByte[GB18030Table.index(lead: lead, trail: second)]
            return scalar == 0 ? .invalid(length: 1) : .scalar(UInt32(scalar), length: 2)
        }
        guard second >= 0x30, second <= 0x39 else { return .invalid(length: 1) }
        guard index + 2 < bytes.count else { return .incomplete }
        let third = bytes[index + 2]
        guard third >= 0x81, third <= 0xFE else { return .invalid(length: 1) }
        guard index + 3 < bytes.count else { return .incomplete }
        let fourth = bytes[index + 3]
        guard fourth >= 0x30, fourth <= 0x39 else { return .invalid(length: 1) }
        let high = Int(lead - 0x81) * 12600 + Int(second - 0x30) * 1260
        return scalar(linear: high + Int(third - 0x81) * 10 + Int(fourth - 0x30))
    }

    private static func scalar(linear: Int) -> CharacterStep {
        if linear < GB18030Table.fourByteCount { return .scalar(UInt32(GB18030Table.fourByte[linear]), length: 4) }
        let supplementary = linear - GB18030Table.supplementaryStart
        guard supplementary >= 0, supplementary <= 0xF_FFFF else { return .invalid(length: 4) }
        return .scalar(UInt32(0x10000 + supplementary), length: 4)
    }
}
