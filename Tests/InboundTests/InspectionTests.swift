import Findings
import Foundation
import Glibc
import Testing

@testable import Inbound

@Suite struct InspectionTests {
    // SHA-256 of "abc", from FIPS 180-2.
    static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func onePassTellsIdentitySizeHeadAndEncoding() throws {
        let scene = try Scene()
        let inspection = try scene.claim("x.csv", "abc").inspect()
        #expect(inspection.hash.hexadecimal == Self.abc)
        #expect(inspection.hash.short == "ba7816bf8f01")
        #expect(inspection.size == 3)
        #expect(inspection.head == Array("abc".utf8))
        #expect("\(inspection.encoding)".contains("utf8"))
        #expect(inspection.findings == [])
        #expect(!inspection.isRejected)
    }

    @Test func hashCoversAllBlocks() throws {
        let scene = try Scene()
        let text = String(repeating: "0123456789abcdef", count: 200_000)
        let inspection = try scene.claim("x.csv", text).inspect()
        // printf '0123456789abcdef%.0s' {1..200000} | sha256sum
        #expect(inspection.hash.hexadecimal == "69cc92e41a3c392a040d45bd229a7e094995e7626c894611fc5864f2c4817c38")
        #expect(inspection.size == 3_200_000)
        #expect(inspection.head.count == 64 << 10)
    }

    @Test func emptyFileIsAFinding() throws {
        let scene = try Scene()
        try scene.deliver("x.csv", "")
        let inspection = try scene.claimed(try WorkFolder(scene.folder()), "x.csv", proof: .steady).inspect()
        #expect(inspection.findings.map(\.code) == ["filing.empty"])
        #expect(inspection.isRejected)
        #expect(inspection.hash.hexadecimal.hasPrefix("e3b0c44298fc"))
    }

    @Test(arguments: [(8, []), (7, ["filing.too-large"])] as [(Int, [String])])
    func sizeOverTheLimitIsAFindingWithAnIdentity(limit: Int, codes: [String]) throws {
        let scene = try Scene()
        let inspection = try scene.claim("x.csv", "12345678").inspect(limit: limit)
        #expect(inspection.findings.map(\.code) == codes)
        #expect(inspection.hash.hexadecimal.hasPrefix("ef797c8118f0"))
    }

    @Test func fileThatIsAsItWasInspectedIsConfirmed() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        let inspection = try claim.inspect()
        var reader = claim.reader()
        while try reader.next() {}
        try reader.confirm(inspection)
    }

    /// The second reading is of what was hashed, even where whoever changed it has set the time back.
    @Test(arguments: [("xbc", false), ("xbc", true), ("abcd", true), ("", true)])
    func fileThatChangesAfterItsInspectionIsAnError(text: String, setsTimeBack: Bool) throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        let inspection = try claim.inspect()
        let writer = Glibc.open(claim.workPath, O_WRONLY)
        defer { close(writer) }
        // Older kernels give what is written within one tick of their clock the same time.
        repeat {
            ftruncate(writer, 0)
            pwrite(writer, text, text.utf8.count, 0)
        } while try claim.document.shape().changed == inspection.shape?.changed
        if setsTimeBack, let modified = inspection.shape?.modified {
            let time = timespec(tv_sec: Int(modified / 1_000_000_000), tv_nsec: Int(modified % 1_000_000_000))
            futimens(writer, [time, time])
        }
        var reader = claim.reader()
        while try reader.next() {}
        let error = #expect(throws: InboundError.self) { try reader.confirm(inspection) }
        #expect(error?.code == .changed)
        #expect(error?.retryHelps == true)
    }

    @Test func fileThatChangesWhileReadIsAnError() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "abc")
        let error = #expect(throws: InboundError.self) {
            try claim.inspect(limit: 100) {
                // Only somebody who had it open before could do this; the lease keeps such a file from being claimed.
                let writer = Glibc.open(claim.workPath, O_WRONLY | O_APPEND)
                _ = Glibc.write(writer, "d", 1)
                close(writer)
            }
        }
        #expect(error?.code == .changed)
        #expect(error?.retryHelps == true)
    }

    @Test func hardLinkIsNoted() throws {
        let scene = try Scene()
        try scene.drop("x.csv", "abc")
        try #require(link(scene.inbound + "/x.csv", scene.root + "/other") == 0)
        let inspection = try scene.claimed(try WorkFolder(scene.folder()), "x.csv").inspect()
        #expect(inspection.findings.map(\.code) == ["filing.hard-linked"])
        #expect(!inspection.isRejected)
    }

    @Test func readerGivesAllBytesInBlocks() throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", "0123456789")
        var reader = claim.reader(blockSize: 4)
        var read: [UInt8] = []
        var blocks: [Int] = []
        while try reader.next() {
            blocks.append(reader.block.count)
            for index in reader.block.indices { read.append(reader.block[index]) }
        }
        #expect(read == Array("0123456789".utf8))
        #expect(blocks == [4, 4, 2])
        #expect(reader.offset == 10)
    }

    @Test(
        arguments: [
            ("\(abc)  x.csv\n", []), ("\(abc.uppercased()) *x.csv\r\n", []),
            (String(repeating: "0", count: 64) + "  x.csv\n", ["filing.checksum-mismatch"]),
            ("", ["filing.checksum-unreadable"]), ("not a checksum", ["filing.checksum-unreadable"]),
        ] as [(String, [String])])
    func sidecarIsHeldAgainstTheBytes(sidecar: String, codes: [String]) throws {
        let scene = try Scene()
        try scene.deliver("x.csv.sha256", sidecar)
        let claim = try scene.claim("x.csv", "abc", completion: .marker())
        #expect(claim.sidecarNames.map(\.displayed) == ["x.csv.sha256"])
        #expect(scene.entries(scene.inbound) == [".qiao"])
        #expect(try claim.inspect().findings.map(\.code) == codes)
    }

    @Test func sidecarThatIsALinkIsNotFollowed() throws {
        let scene = try Scene()
        try #require(symlink("/etc/hostname", scene.inbound + "/x.csv.sha256") == 0)
        let claim = try scene.claim("x.csv", "abc", completion: .marker())
        #expect(try claim.inspect().findings.map(\.code) == ["filing.checksum-unreadable"])
    }

    @Test func cancelledTaskStopsBetweenBlocks() async throws {
        let scene = try Scene()
        let claim = try scene.claim("x.csv", String(repeating: "x", count: 3 << 20))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try claim.inspect().size
        }
        let error = await #expect(throws: InboundError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test func everyKindIsListedOnce() {
        let codes = InboundFindings.all.map(\.code)
        #expect(codes == codes.sorted())
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("filing.") })
    }
}
