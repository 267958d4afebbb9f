import Testing

@testable import Inbound

@Suite struct ChecksumSidecarTests {
    static let digits = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    /// The digits as older systems print them.
    static let pairs = stride(from: 0, to: 64, by: 2).map { String(digits.dropFirst($0).prefix(2)) }.joined(
        separator: " ")
    static let other = "0000000000000000000000000000000000000000000000000000000000000000"

    @Test(arguments: [
        "\(digits)  x.csv\n", "\(digits) *x.csv\r\n", "\(digits)", "\u{FEFF}\(digits)  x.csv\n",
        digits.uppercased() + "  x.csv", "SHA256 (x.csv) = \(digits)\n", "\(digits)  out/x.csv\n",
        "\(other)  y.csv\n\(digits)  x.csv\n", "\n\n\(digits)  some-other-name.csv\n", "\\\(digits)  x.csv",
        "\(other)  xx.csv\n\(digits) *x.csv\n", "SHA256 (y.csv) = \(other)\nSHA256 (x.csv) = \(digits)",
    ])
    func formatsOfSHA256Sum(text: String) throws {
        let sidecar = ChecksumSidecar(Array(text.utf8), of: try #require(FileName("x.csv")))
        #expect(sidecar.declared?.hexadecimal == Self.digits)
    }

    /// What the tools of Windows and OpenSSL write.
    @Test(arguments: [
        "SHA2-256(x.csv)= \(digits)\n", "SHA256(y.csv)= \(other)\nSHA256(x.csv)= \(digits)\n",
        "SHA256 hash of x.csv:\r\n\(digits)\r\nCertUtil: -hashfile command completed successfully.\r\n",
        "SHA256 hash of file x.csv:\r\n\(pairs)\r\nCertUtil: -hashfile command completed successfully.\r\n",
        "\r\nAlgorithm  Hash  Path\r\n---------  ----  ----\r\nSHA256  \(digits.uppercased())  C:\\报送\\x.csv\r\n\r\n",
    ])
    func formatsOfOtherTools(text: String) throws {
        let name = try #require(FileName("x.csv"))
        #expect(ChecksumSidecar(Array(text.utf8), of: name).declared?.hexadecimal == Self.digits)
        // PowerShell redirects so.
        let littleEndian: [UInt8] = ("\u{FEFF}" + text).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(ChecksumSidecar(littleEndian, of: name).declared?.hexadecimal == Self.digits)
        let bigEndian: [UInt8] = ("\u{FEFF}" + text).utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(ChecksumSidecar(bigEndian, of: name).declared?.hexadecimal == Self.digits)
    }

    @Test(arguments: [
        "", "done", "d41d8cd98f00b204e9800998ecf8427e  x.csv", digits + "0  x.csv", String(digits.dropLast()),
        "\(digits)  y.csv\n\(other)  z.csv\n",
    ])
    func withoutAHashForTheFileNothingIsDeclared(text: String) throws {
        #expect(ChecksumSidecar(Array(text.utf8), of: try #require(FileName("x.csv"))).declared == nil)
    }
}
