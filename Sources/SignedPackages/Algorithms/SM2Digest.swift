/// What an SM2 signature is made over (GM/T 0009 clauses 8 and 9): e = SM3(Z ‖ M), Z = SM3(ENTL ‖ ID ‖ a ‖ b ‖ G ‖ P).
enum SM2Digest {
    /// The user id that GM/T 0009 sets where none is agreed.
    static let defaultUserID = Array("1234567812345678".utf8)

    /// Z of a public point (65 bytes, uncompressed) and a user id of at most 8191 bytes.
    static func z(point: [UInt8], userID: [UInt8] = defaultUserID) throws(PackageError) -> [UInt8] {
        let bits = userID.count * 8
        var bytes: [UInt8] = [UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)]
        bytes += userID
        bytes += curve
        bytes += point.dropFirst()
        return try MessageDigest(.sm3, of: bytes).bytes
    }

    /// e of a message in memory.
    static func e(
        of message: [UInt8], point: [UInt8], userID: [UInt8] = defaultUserID
    ) throws(PackageError) -> [UInt8] {
        try MessageDigest(.sm3, of: try z(point: point, userID: userID) + message).bytes
    }

    // a, b, Gx, Gy of GB/T 32918.5, 32 bytes each.
    private static let curve: [UInt8] = [
        "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC",
        "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93",
        "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7",
        "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0",
    ].flatMap(bytes)

    private static func bytes(ofHexadecimal text: String) -> [UInt8] {
        let digits = text.utf8.map { $0 <= 0x39 ? $0 - 0x30 : $0 - 0x37 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
