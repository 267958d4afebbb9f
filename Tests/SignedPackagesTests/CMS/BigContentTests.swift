import Foundation
import Synchronization
import Testing

@testable import SignedPackages

/// Content of any size goes through in pieces, in both directions.
@Suite struct BigContentTests {
    static let size: Int64 = 256 << 20
    static let mostAtOnce = 256 << 10

    /// The same byte over and over, between two small parts; nothing of it is ever in memory but what is asked for.
    final class Repeated: PackageInput {
        private let head: [UInt8]
        private let middle: Int64
        private let tail: [UInt8]
        private let largest = Mutex(0)

        init(head: [UInt8] = [], middle: Int64, tail: [UInt8] = []) {
            self.head = head
            self.middle = middle
            self.tail = tail
        }

        var size: Int64 { Int64(head.count) + middle + Int64(tail.count) }
        var largestRead: Int { largest.withLock { $0 } }

        func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws {
            let count = Int(min(Int64(count), size - offset))
            guard count > 0 else { return }
            largest.withLock { $0 = max($0, count) }
            let end = offset + Int64(count)
            if offset < Int64(head.count) { buffer += head[Int(offset)..<Int(min(end, Int64(head.count)))] }
            let start = Int64(head.count)
            let (from, to) = (max(offset, start), min(end, start + middle))
            if from < to { buffer += [UInt8](repeating: 0x41, count: Int(to - from)) }
            let second = start + middle
            if end > second { buffer += tail[Int(max(offset, second) - second)..<Int(end - second)] }
        }
    }

    @Test func attached() throws {
        let content = Repeated(middle: Self.size)
        var (head, tail, written, largest): ([UInt8], [UInt8], Int64, Int) = ([], [], 0, 0)
        try MalformedMessageTests.creator().attached(content) { piece in
            if written == 0 { head = piece }
            (tail, written, largest) = (piece, written + Int64(piece.count), max(largest, piece.count))
        }
        let package = Repeated(head: head, middle: Self.size, tail: tail)
        #expect(package.size == written)
        #expect(max(largest, content.largestRead) <= Self.mostAtOnce)
        #expect(try verify(package, content: nil, cades: true).map(\.isGood) == [true])
        #expect(package.largestRead <= Self.mostAtOnce)
    }

    @Test func pullingGivesTheSameBytesAsStreaming() throws {
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 9) }
        for options in [["-nodetach"], ["-nodetach", "-stream"]] {
            let sample = OpenSSLInteropTests.Case(
                name: "", signers: [TestSigner.p256], options: options + ["-outform", "DER"], algorithm: "")
            let package = BytesInput(try OpenSSLInteropTests.sign(sample, bytes))
            var reader = try #require(try SignedMessageReader.read(package).contentReader(in: package))
            var pulled: [UInt8] = []
            for count in [1, 100_000, 7, 300_000, 65_536] { try reader.read(upTo: count, into: &pulled) }
            #expect(pulled.count == 465_544)
            try reader.read(upTo: .max, into: &pulled)
            let same = pulled == bytes
            #expect(same)
            try reader.read(upTo: 10, into: &pulled)
            #expect(pulled.count == bytes.count)
        }
    }

    @Test func inputThatFailsIsNoFaultOfThePackage() throws {
        struct Broken: PackageInput {
            var size: Int64 { 1000 }
            func read(at offset: Int64, count: Int, into buffer: inout [UInt8]) throws { throw CancellationError() }
        }
        do throws(PackageFault) {
            _ = try SignedMessageReader.read(Broken())
            Issue.record("it was read")
        } catch {
            #expect(error.reading is CancellationError)
        }
    }
}
