import Foundation
import Inbound
import Journal
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct RetryTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private let digest = String(repeating: "ab", count: 32)

    @Test func requestsAreLeftFoundAndRemoved() throws {
        #expect(RetryRequest.pending(in: scene.state) == [])
        let one = RetryRequest(source: "b-source", digest: digest)
        let two = RetryRequest(source: "a-source", digest: digest)
        for request in [one, two, one] { try request.leave(in: scene.state.path) }
        #expect(RetryRequest.pending(in: scene.state) == [two, one])
        one.remove(from: scene.state)
        one.remove(from: scene.state)
        #expect(RetryRequest.pending(in: scene.state) == [two])
    }

    @Test(arguments: ["x", "x.y", "\(String(repeating: "a", count: 63)).s", "a.b.c", ".s"])
    func filesThatAreNoRequestsAreLeftAlone(_ name: String) throws {
        try StateFolder.make(scene.state.path + "/requests")
        try scene.folder.write("", to: "state/requests/\(name)")
        #expect(RetryRequest.pending(in: scene.state) == [])
    }

    @Test func requestThatCannotBeLeftIsAnError() throws {
        try scene.folder.write("", to: "state/requests")
        #expect(throws: GatewayError.self) {
            try RetryRequest(source: "s", digest: digest).leave(in: scene.state.path)
        }
    }

    /// Rejects what is delivered under these bytes of a name.
    private func quarantined(_ name: [UInt8], by intake: Intake) async throws -> FilingHash {
        try scene.folder.write("nothing\n" + String(decoding: name, as: UTF8.self), to: "outside")
        let from = scene.folder.path + "/outside"
        let path = Array("\(scene.source.inbound)/".utf8) + name + [0]
        let isMoved = path.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { to in to.baseAddress.map { rename(from, $0) } ?? -1 }
        }
        try #require(isMoved == 0)
        let claim = try #require(try await intake.claimNext(limit: 1).first)
        let hash = try claim.inspect().hash
        try claim.quarantine(into: KeepFolder(path: scene.state.quarantine), hash: hash, reason: "test")
        return hash
    }

    @Test(arguments: [
        ("plain", Array("roster.csv".utf8)), ("Chinese", Array("名册.csv".utf8)),
        ("GBK of a Windows share", [0xC3, 0xFB, 0xB2, 0xE1] + Array(".csv".utf8)),
        ("like a companion", Array("notes.reason.txt".utf8)), ("like a checksum", Array("roster.csv.sha256".utf8)),
        ("with a line end", Array("a\nb.csv".utf8)),
        ("longer than a path component with its prefix", [UInt8](repeating: 0x61, count: 250)),
    ])
    func quarantinedFilingIsFoundAndClaimedAgain(_ title: String, _ name: [UInt8]) async throws {
        let intake = scene.intake()
        let hash = try await quarantined(name, by: intake)
        let request = RetryRequest(source: "test", digest: hash.hexadecimal)
        let kept = try #require(try Quarantine(state: scene.state).find(request))
        let claim = try await intake.reclaim(kept)
        #expect(try claim.inspect().hash == hash)
        #expect(try Quarantine(state: scene.state).find(request) == nil)
    }

    @Test func whatIsNotInQuarantineIsNotFound() async throws {
        let intake = scene.intake()
        let hash = try await quarantined(Array("a.csv".utf8), by: intake)
        let quarantine = Quarantine(state: scene.state)
        #expect(try quarantine.find(RetryRequest(source: "test", digest: digest)) == nil)
        #expect(try quarantine.find(RetryRequest(source: "other", digest: hash.hexadecimal)) == nil)
    }
}
