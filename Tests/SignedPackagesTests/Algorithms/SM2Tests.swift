import Testing

@testable import SignedPackages

/// SM3 and SM2 against the vectors of GB/T 32905 and of GB/T 32918.5 with a fixed k.
@Suite struct SM2Tests {
    static let point: [UInt8] =
        [4] + bytes("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020")
        + bytes("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13")
    static let r = bytes("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3")
    static let s = bytes("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
    static let e = bytes("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640")
    static let message = Array("message digest".utf8)

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.count, by: 2).compactMap {
            let start = hexadecimal.index(hexadecimal.startIndex, offsetBy: $0)
            return UInt8(hexadecimal[start..<hexadecimal.index(start, offsetBy: 2)], radix: 16)
        }
    }

    static func signature(_ r: [UInt8], _ s: [UInt8]) -> [UInt8] {
        tlv(0x30, tlv(2, (r[0] > 0x7F ? [0] : []) + r) + tlv(2, (s[0] > 0x7F ? [0] : []) + s))
    }

    @Test(arguments: [
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        (
            String(repeating: "abcd", count: 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        ),
    ])
    func sm3Vectors(text: String, digest: String) throws {
        #expect(hex(try MessageDigest(.sm3, of: Array(text.utf8)).bytes) == digest)
    }

    @Test func identityDigest() throws {
        #expect(
            try SM2Digest.z(point: Self.point)
                == Self.bytes("B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3"))
        #expect(
            try SM2Digest.z(point: Self.point, userID: [])
                == Self.bytes("F2A1724ED3D6767E22FCD19BFB33CD8AF34F59AD7FDC8747CCE6ACACD414F1F9"))
        #expect(try SM2Digest.e(of: Self.message, point: Self.point) == Self.e)
    }

    @Test func signatureOfTheStandardVerifies() throws {
        let signature = Self.signature(Self.r, Self.s)
        #expect(try LibcryptoSM2.verifies(signature, digest: Self.e, point: Self.point))
        let key = PackagePublicKey.sm2(spki: [], point: Self.point)
        #expect(try key.verdict(on: signature, of: Self.message, by: .sm2) == .right)
        #expect(try key.verdict(on: signature, of: Self.message + [0], by: .sm2) == .wrong)
    }

    @Test func everyChangedBitIsRefused() throws {
        let signature = Self.signature(Self.r, Self.s)
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(try !LibcryptoSM2.verifies(changed, digest: Self.e, point: Self.point))
        }
        for index in Self.e.indices {
            var changed = Self.e
            changed[index] ^= 0x80
            #expect(try !LibcryptoSM2.verifies(signature, digest: changed, point: Self.point))
        }
    }

    @Test func malformedInputsAreRefused() throws {
        let signature = Self.signature(Self.r, Self.s)
        let zero = [UInt8](repeating: 0, count: 32)
        for wrong in [
            [], [0x30], signature + [0], tlv(0x30, []), Self.signature(zero, Self.s), Self.signature(Self.r, zero),
        ] {
            #expect(try !LibcryptoSM2.verifies(wrong, digest: Self.e, point: Self.point))
        }
        var offCurve = Self.point
        offCurve[64] ^= 1
        #expect(try !LibcryptoSM2.verifies(signature, digest: Self.e, point: offCurve))
        #expect(try !LibcryptoSM2.isOnCurve(offCurve))
        #expect(try LibcryptoSM2.isOnCurve(Self.point))
        #expect(try !LibcryptoSM2.verifies(signature, digest: Array(Self.e.dropLast()), point: Self.point))
        #expect(try !LibcryptoSM2.verifies(signature, digest: Self.e, point: Array(Self.point.dropLast())))
    }
}
