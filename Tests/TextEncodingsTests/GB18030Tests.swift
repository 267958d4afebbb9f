import Testing
import TextEncodings

@Suite struct GB18030Tests {
    // Two-byte code, character now, private-use code point before; and the four-byte code that went the other way.
    static let changes: [(code: [UInt8], scalar: UInt32, former: UInt32)] = [
        ([0xA6, 0xD9], 0xFE10, 0xE78D), ([0xA6, 0xDA], 0xFE12, 0xE78E), ([0xA6, 0xDB], 0xFE11, 0xE78F),
        ([0xA6, 0xDC], 0xFE13, 0xE790), ([0xA6, 0xDD], 0xFE14, 0xE791), ([0xA6, 0xDE], 0xFE15, 0xE792),
        ([0xA6, 0xDF], 0xFE16, 0xE793), ([0xA6, 0xEC], 0xFE17, 0xE794), ([0xA6, 0xED], 0xFE18, 0xE795),
        ([0xA6, 0xF3], 0xFE19, 0xE796), ([0xFE, 0x59], 0x9FB4, 0xE81E), ([0xFE, 0x61], 0x9FB5, 0xE826),
        ([0xFE, 0x66], 0x9FB6, 0xE82B), ([0xFE, 0x67], 0x9FB7, 0xE82C), ([0xFE, 0x6D], 0x9FB8, 0xE832),
        ([0xFE, 0x7E], 0x9FB9, 0xE843), ([0xFE, 0x90], 0x9FBA, 0xE854), ([0xFE, 0xA0], 0x9FBB, 0xE864),
    ]

    @Test func theEighteenChangedCodesAreThoseOf2022() {
        #expect(GB18030.changedIn2022.count == 18)
        for (change, expected) in zip(GB18030.changedIn2022, Self.changes) {
            #expect([UInt8(change.code >> 8), UInt8(change.code & 0xFF)] == expected.code)
            #expect(change.scalar.value == expected.scalar)
            #expect(change.formerScalar.value == expected.former)
            #expect(GB18030.decode(expected.code.span) == change.scalar)
            #expect(GB18030.encode(change.scalar) == expected.code)
            #expect(GB18030.encode(change.formerScalar).count == 4)
        }
    }

    @Test(
        arguments: [
            ([0x41], 0x41), ([0x7F], 0x7F), ([0x00], 0x00),
            ([0x81, 0x40], 0x4E02), ([0xD0, 0xD5], 0x59D3), ([0xC3, 0xFB], 0x540D), ([0xD3, 0xE3], 0x9C7C),
            ([0xA1, 0xA1], 0x3000), ([0xA3, 0xAC], 0xFF0C), ([0xA1, 0xA4], 0xB7), ([0xA1, 0xAA], 0x2014),
            ([0xA2, 0xE3], 0x20AC), ([0xA9, 0x96], 0x3007), ([0xA8, 0xBC], 0x1E3F), ([0xA8, 0xBF], 0x1F9),
            ([0xFE, 0x9F], 0x4DAE), ([0xFE, 0x51], 0xE816), ([0xAA, 0xA1], 0xE000), ([0xAF, 0xFE], 0xE233),
            ([0xF8, 0xA1], 0xE234), ([0xFE, 0xFE], 0xE4C5), ([0xA1, 0x40], 0xE4C6), ([0xA7, 0xA0], 0xE765),
            ([0x81, 0x30, 0x81, 0x30], 0x80), ([0x81, 0x30, 0x84, 0x36], 0xA5), ([0x84, 0x31, 0xA4, 0x37], 0xFFFD),
            ([0x84, 0x31, 0xA4, 0x39], 0xFFFF), ([0x81, 0x35, 0xF4, 0x37], 0xE7C7), ([0x84, 0x31, 0x82, 0x36], 0xE78D),
            ([0x82, 0x35, 0x90, 0x37], 0xE81E), ([0x95, 0x32, 0x90, 0x31], 0x20087),
            ([0x84, 0x31, 0x95, 0x33], 0xFEFF),
            ([0x90, 0x30, 0x81, 0x30], 0x10000), ([0xE3, 0x32, 0x9A, 0x35], 0x10FFFF),
        ] as [([UInt8], UInt32)])
    func codeStandsForCharacter(code: [UInt8], value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(GB18030.decode(code.span) == scalar)
        #expect(GB18030.encode(scalar) == code)
    }

    @Test(
        arguments: [
            [], [0x80], [0xFF], [0x81], [0x81, 0x7F], [0x81, 0xFF], [0x81, 0x20], [0x81, 0x30, 0x81], [0x41, 0x41],
            [0x81, 0x3A, 0x81, 0x30], [0x81, 0x30, 0x80, 0x30], [0x81, 0x30, 0x81, 0x40],
            [0x84, 0x31, 0xA5, 0x30], [0x8F, 0x39, 0xFE, 0x39], [0xE3, 0x32, 0x9A, 0x36], [0xFE, 0x39, 0xFE, 0x39],
        ] as [[UInt8]])
    func otherBytesAreNoCode(bytes: [UInt8]) {
        #expect(GB18030.decode(bytes.span) == nil)
    }

    @Test func everyScalarHasOneCodeThatComesBack() {
        var mismatches = 0
        var lengths = [0, 0, 0, 0, 0]
        var code: [UInt8] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            code.removeAll(keepingCapacity: true)
            GB18030.append(scalar, to: &code)
            lengths[code.count] += 1
            if GB18030.decode(code.span) != scalar { mismatches += 1 }
        }
        #expect(mismatches == 0)
        #expect(lengths == [0, 128, 23_940, 0, 39_420 + 0x100000])
    }

    @Test func everyTwoByteCodeComesBack() {
        var mismatches = 0
        var privateUse = 0
        for lead in UInt8(0x81)...0xFE {
            for trail in UInt8(0x40)...0xFE where trail != 0x7F {
                guard let scalar = GB18030.decode([lead, trail].span) else {
                    mismatches += 1
                    continue
                }
                if (0xE000...0xF8FF).contains(scalar.value) { privateUse += 1 }
                if GB18030.encode(scalar) != [lead, trail] { mismatches += 1 }
            }
        }
        #expect(mismatches == 0)
        // 2,068 in 2000, one fewer in 2005, eighteen fewer in 2022.
        #expect(privateUse == 2_049)
    }

    @Test func fourByteCodesAscendThroughThePlane() {
        var previous: UInt32 = 0
        var descents = 0
        for linear in 0..<39_420 {
            let code: [UInt8] = [
                UInt8(0x81 + linear / 12_600), UInt8(0x30 + linear / 1_260 % 10), UInt8(0x81 + linear / 10 % 126),
                UInt8(0x30 + linear % 10),
            ]
            guard let scalar = GB18030.decode(code.span) else {
                Issue.record("no character at \(linear)")
                continue
            }
            // The nineteen codes that were swapped with the private-use area stand out of order.
            guard !(0xE000...0xF8FF).contains(scalar.value) else { continue }
            if scalar.value <= previous { descents += 1 }
            previous = scalar.value
        }
        #expect(descents == 0)
    }
}
