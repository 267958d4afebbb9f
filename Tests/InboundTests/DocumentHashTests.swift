import Findings
import Foundation
import Glibc
import Testing

@testable import Inbound

@Suite struct DocumentHashTests {
    /// Sizes around one and two blocks, with something that differs in every block.
    @Test(arguments: [0, 1, 1 << 17, (1 << 17) + 1, 1 << 19, (1 << 19) + 1, 1 << 20, (1 << 20) + 7, (5 << 19) + 3])
    func hashedAsideOrNotMakesNoDifference(size: Int) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "qiao-hash-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = [UInt8]((0..<size).lazy.map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 13) & 0x7F })
        try Data(bytes).write(to: URL(filePath: path))
        let document = OpenDocument(descriptor: try Kernel.open(KernelPath(path), O_RDONLY), path: path)
        let here = try document.inspect(limit: .max, asideSize: .max)
        let aside = try document.inspect(limit: .max, asideSize: 0)
        #expect(here.hash == FilingHash(of: bytes))
        #expect(aside.hash == here.hash)
        #expect(aside.documentHash == here.hash)
        #expect(aside.size == size)
        #expect(aside.encoding == here.encoding)
        #expect(aside.head == Array(bytes.prefix(OpenDocument.headSize)))
        #expect(aside.findings.map(\.code) == here.findings.map(\.code))
    }
}
