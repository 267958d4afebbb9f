import Foundation
import Synchronization
import Testing

@testable import SignedPackages

@Suite struct VerifiedPackageTests {
    /// Bytes that change when they are told to, and that know how much was read at once.
    final class ChangingInput: PackageInput {
        private let base: any PackageInput
        private let changes = Mutex<[Int64: UInt8]>([:])
        private let largest = Mutex(0)

        init(_ base: any PackageInput) { self.base = base }

        var size: Int64 { base.size }
        var largestRead: Int { largest.withLock { $0 } }

        func change(_ offset: Int64) { changes.withLock { $0[offset] = 0x20 } }

        func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
            let start = buffer.count
            try base.read(at: offset, count: count, into: &buffer)
            largest.withLock { $0 = max($0, count) }
            for (place, mask) in changes.withLock({ $0 }) where place >= offset {
                let index = start + Int(place - offset)
                if index < buffer.count { buffer[index] ^= mask }
            }
        }
    }

    @Test(arguments: TamperingTests.kinds)
    func bytesThatChangeAfterTheVerdictAreNoticed(kind: String) async throws {
        let (bytes, name, content) = try TamperingTests.make(kind)
        let package = ChangingInput(BytesInput(bytes))
        let document = content.map { ChangingInput(BytesInput($0)) }
        let verifier = PackageVerifier(policy: try TamperingTests.policy(), now: FlowSamples.now)
        let verified = try await verifier.verify(package, name: name, detachedContent: document).package()
        _ = try verified.contents()
        if let document {
            document.change(5)
        } else {
            package.change(Int64(try Self.place(in: bytes, isText: kind == "attached PEM")))
        }
        #expect {
            _ = try verified.contents()
        } throws: {
            ($0 as? PackageError)?.code == .changed
        }
    }

    /// Where changing a byte changes the first document. In base64 it stays a letter when the bit of its case is turned.
    private static func place(in bytes: [UInt8], isText: Bool) throws -> Int {
        guard isText else {
            return try #require(bytes.indices.first { bytes[$0...].starts(with: FlowSamples.xml) }) + 5
        }
        let letters = bytes.indices.filter { (0x41...0x5A).contains(bytes[$0] & 0xDF) && $0 > 120 && $0 < 150 }
        return try #require(letters.first)
    }

    @Test func aReaderGivesWhatIsAskedFor() async throws {
        let bytes = try FlowSamples.asicE(FlowSamples.creator("yutai-signer"))
        let package = try await FlowSamples.verify(bytes, "a.asice").package()
        for document in package.documents {
            let reader = try package.reader(for: document)
            var all: [UInt8] = []
            while true {
                let piece = try reader.read(upTo: 7)
                guard !piece.isEmpty else { break }
                #expect(piece.count <= 7)
                all += piece
            }
            #expect(all == (document.name == "cases.xml" ? FlowSamples.xml : FlowSamples.csv))
            #expect(try reader.read(upTo: 7) == [])
        }
    }

    @Test func documentsOfOtherPackagesAreNotRead() async throws {
        let creator = try FlowSamples.creator("yutai-signer")
        let one = try await FlowSamples.verify(FlowSamples.attached(creator), "a.p7m").package()
        let other = try await FlowSamples.verify(FlowSamples.attached(creator, FlowSamples.csv), "a.p7m").package()
        #expect {
            try one.reader(for: other.documents[0])
        } throws: {
            ($0 as? PackageError)?.code == .noSuchDocument
        }
    }

    @Test func bigDocumentsStream() async throws {
        let size: Int64 = 64 << 20
        let pattern = PatternInput(size: size)
        let document = PackageSourceDocument(name: "big.bin", mediaType: "", content: pattern)
        let creator = try FlowSamples.creator("yutai-signer")
        let container = try PieceInput { try creator.asicE([document], output: $0) }
        let package = ChangingInput(container)
        let verifier = PackageVerifier(policy: try FlowSamples.policy(), now: FlowSamples.now)
        let verified = try await verifier.verify(package, name: "a.asice").package()
        var count: Int64 = 0
        try verified.stream(verified.documents[0]) { count += Int64($0.count) }
        #expect(count == size)
        #expect(package.largestRead <= 1 << 20)
        #expect(container.held < 1 << 20)
    }
}
