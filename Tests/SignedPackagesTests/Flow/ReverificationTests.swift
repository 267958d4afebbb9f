import Findings
import Foundation
import Testing

@testable import SignedPackages

@Suite struct ReverificationTests {
    private static func kept(_ verdict: PackageVerdict) throws -> PackageVerdict {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(verdict)
        let read = try JSONDecoder().decode(PackageVerdict.self, from: data)
        #expect(read == verdict)
        return read
    }

    @Test func anOldVerdictIsRepeatedFromWhatWasKept() async throws {
        let bytes = try FlowSamples.asicE(FlowSamples.creator("yutai-signer"))
        let verdict = try Self.kept(try await FlowSamples.verify(bytes, "a.asice").package().verdict)
        let later = FlowSamples.now + 30 * 365 * 86400
        let again = try await PackageVerifier.reverify(
            verdict, package: BytesInput(bytes), name: "a.asice", now: later)
        #expect(again.isRepeated)
        #expect(again.then.outcome == .passed)
        #expect(again.then.at == FlowSamples.now)
        #expect(again.today.outcome != .passed)
        #expect(again.today.findings.contains { $0.code == "package.certificate-expired" })
    }

    @Test func aRevocationSinceThenChangesOnlyToday() async throws {
        let bytes = try FlowSamples.attached(FlowSamples.creator("revoked-signer", signedAt: FlowSamples.now - 60))
        let lenient = try FlowSamples.policy {
            $0.crls = []
            $0.revocation = .whereAvailable
        }
        let verdict = try Self.kept(try await FlowSamples.verify(bytes, "a.p7m", policy: lenient).package().verdict)
        let again = try await PackageVerifier.reverify(
            verdict, package: BytesInput(bytes), name: "a.p7m", policy: try FlowSamples.policy(), now: FlowSamples.now)
        #expect(again.isRepeated)
        #expect(again.today.findings.map(\.code) == ["package.certificate-revoked"])
    }

    @Test func aRefusalIsRepeatedToo() async throws {
        let bytes = try FlowSamples.attached(FlowSamples.creator("expired-signer"))
        let result = try await FlowSamples.verify(bytes, "a.p7m")
        let verdict = try Self.kept(try #require(result.verdict))
        let again = try await PackageVerifier.reverify(
            verdict, package: BytesInput(bytes), name: "a.p7m", now: FlowSamples.now)
        #expect(again.isRepeated)
        #expect(again.then.outcome == .failed)
    }

    @Test func bytesThatAreNoPackageAnyMoreAreAnError() async throws {
        let bytes = try FlowSamples.attached(FlowSamples.creator("yutai-signer"))
        let verdict = try await FlowSamples.verify(bytes, "a").package().verdict
        await #expect(throws: PackageError.self) {
            try await PackageVerifier.reverify(verdict, package: BytesInput([1]), name: "a", now: 0)
        }
    }
}
