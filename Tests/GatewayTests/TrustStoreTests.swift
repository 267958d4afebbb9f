import Findings
import Foundation
import Inbound
import SignedPackages
import Testing

@testable import Gateway

@Suite struct TrustStoreTests {
    let folder: TemporaryFolder
    let trail = Trail()

    init() throws { folder = try TemporaryFolder() }

    private func settings() throws -> SignatureSettings {
        var settings = TestPackages.settings()
        settings.crls = [folder.path + "/list.crl"]
        return settings
    }

    private func store() throws -> TrustStore {
        TrustStore(try settings(), limits: PackageLimits(), logger: CollectedLog.logger(trail))
    }

    private func put(_ name: String) throws {
        try folder.write(try TestPackages.bytes("crls/\(name).crl"), to: "list.crl")
    }

    @Test func policySaysWhatTheSettingsSay() throws {
        try put("test-ca")
        var settings = try settings()
        settings.signatures = .atLeast(2)
        settings.validity = .now
        settings.revocation = .required
        settings.crlMaxAge = .seconds(86_400)
        settings.signingTime = SigningTimeRule(maximumAge: 60, futureTolerance: 1, outside: .finding, missing: .refuse)
        let policy = try TrustStore(settings, limits: PackageLimits()).policy()
        #expect(policy.roots == [try TestPackages.certificate("test-root")])
        #expect(policy.intermediates == [try TestPackages.certificate("test-ca")])
        #expect(policy.crls.count == 1)
        #expect(policy.binding.organisationCodes == ["12370827MB0000000C"])
        #expect(policy.required == .atLeast(2))
        #expect(policy.validity == .now)
        #expect(policy.revocation == .required)
        #expect(policy.maximumCRLAge == 86_400)
        #expect(policy.signingTime == settings.signingTime)
    }

    @Test func aReplacedListIsSeenWithoutAReload() throws {
        try put("test-ca-stale")
        let store = try store()
        let before = try store.policy().crls
        #expect(try store.policy().crls == before)
        try put("test-ca")
        #expect(try store.policy().crls != before)
    }

    @Test func aListThatCannotBeReadLeavesTheOldOneAndIsToldOnce() throws {
        try put("test-ca")
        let store = try store()
        let before = try store.policy()
        try folder.write("no list", to: "list.crl")
        #expect(try store.policy() == before)
        #expect(try store.policy() == before)
        #expect(trail.events.count == 1)
        try FileManager.default.removeItem(atPath: folder.path + "/list.crl")
        #expect(try store.policy() == before)
        #expect(trail.events.count == 2)
    }

    @Test func whatWasNeverReadIsAnErrorOfOurs() throws {
        let store = try store()
        #expect(throws: GatewayError.self) { _ = try store.policy() }
        try put("test-ca")
        #expect(try store.policy().crls.count == 1)
    }

    @Test func certificatesAreReadAtAReload() throws {
        try put("test-ca")
        try folder.write(try TestPackages.bytes("certs/test-root.crt"), to: "root.pem")
        var settings = try settings()
        settings.trust = [folder.path + "/root.pem"]
        let store = TrustStore(settings, limits: PackageLimits(), logger: CollectedLog.logger(trail))
        #expect(try store.policy().roots.count == 1)
        let both = try TestPackages.bytes("certs/test-root.crt") + TestPackages.bytes("certs/unknown-root.crt")
        try folder.write(both, to: "root.pem")
        #expect(try store.policy().roots.count == 1)
        store.reload()
        #expect(try store.policy().roots.count == 2)
        try folder.write("nothing", to: "root.pem")
        store.reload()
        #expect(try store.policy().roots.count == 2)
        #expect(trail.events == ["error: Kept the trust of the source as it was"])
    }
}
