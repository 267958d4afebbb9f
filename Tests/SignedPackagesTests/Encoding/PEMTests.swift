import Foundation
import Testing

@testable import SignedPackages

/// PEM is decoded where it is read.
@Suite struct PEMTests {
    static let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }

    static func text(_ bytes: [UInt8], width: Int = 64, ending: String = "\n") -> String {
        let encoded = Data(bytes).base64EncodedString()
        var lines: [Substring] = []
        var rest = encoded[...]
        while !rest.isEmpty {
            lines.append(rest.prefix(width))
            rest = rest.dropFirst(width)
        }
        return "-----BEGIN CMS-----" + ending + lines.map { $0 + ending }.joined() + "-----END CMS-----" + ending
    }

    static func input(_ text: String) throws -> PEMInput? {
        let input = BytesInput(Array(text.utf8))
        return try PEMLayout.find(in: input).map { PEMInput(input, layout: $0) }
    }

    @Test(arguments: [(64, "\n"), (64, "\r\n"), (76, "\n"), (1, "\n"), (63, "\n"), (1_000_000, "\n")])
    func anyLineWidth(width: Int, ending: String) throws {
        let bytes = width == 1 ? Array(Self.bytes.prefix(60_000)) : Self.bytes
        let input = try #require(try Self.input(Self.text(bytes, width: width, ending: ending)))
        #expect(input.size == Int64(bytes.count))
        let same = try input.bytes(at: 0, count: .max) == bytes
        #expect(same)
    }

    @Test(arguments: [0, 1, 2, 3, 49_151, 49_152, 49_153, 98_304]) func anyLengthAndOffset(size: Int) throws {
        let bytes = Array(Self.bytes.prefix(size))
        let input = try #require(try Self.input(Self.text(bytes)))
        #expect(input.size == Int64(size))
        for offset in [0, 1, 2, size / 2, size - 1, 49_151, 49_152] where offset >= 0 && offset < size {
            let part = try input.bytes(at: Int64(offset), count: 1000) == Array(bytes[offset...].prefix(1000))
            #expect(part)
        }
        #expect(try input.bytes(at: Int64(size), count: 10).isEmpty)
    }

    @Test func textBeforeTheBlock() throws {
        let input = try #require(try Self.input("subject: x\nissuer: y\n\n" + Self.text([1, 2, 3])))
        #expect(try input.bytes(at: 0, count: 10) == [1, 2, 3])
    }

    @Test(arguments: ["", "x", "0\u{82}", "----BEGIN CMS-----\nAAAA\n", "x-----BEGIN CMS-----\n"])
    func isNoPEM(text: String) throws {
        #expect(try Self.input(text) == nil)
    }

    @Test(arguments: [
        "-----BEGIN CMS-----\nAAA\n-----END CMS-----\n", "-----BEGIN CMS-----\nAAAA\n-----END PKCS7-----\n",
        "-----BEGIN CMS-----\nAA=A\n-----END CMS-----\n", "-----BEGIN CMS-----\nAA==\nAAAA\n-----END CMS-----\n",
        "-----BEGIN CMS-----\nAAAA\n-----END CMS-----\nmore", "-----BEGIN CMS-----\nAA*A\n-----END CMS-----\n",
        "-----BEGIN CMS-----\nAAAA\n", "-----BEGIN CMS-----\nAAAA\n-----END CMS",
        "-----BEGIN CMS-----\nA===\n-----END CMS-----",
        "-----BEGIN CMS-----\nAB==\n-----END CMS-----\n", "-----BEGIN CMS-----\n====\n-----END CMS-----\n",
    ])
    func isMalformed(text: String) {
        #expect(throws: PackageFault.self) { try Self.input(text) }
    }

    @Test func writesWhatItReads() throws {
        for size in [0, 1, 47, 48, 49, 1000] {
            let bytes = Array(Self.bytes.prefix(size))
            let input = try #require(try Self.input(PackageCreator.pem(bytes)))
            #expect(try input.bytes(at: 0, count: .max) == bytes)
        }
    }
}
