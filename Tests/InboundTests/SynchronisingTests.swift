import Foundation
import Glibc
import Testing

@testable import Inbound

/// That the bytes are on the disk is seen by the end-to-end tests, which cut its power.
@Suite struct SynchronisingTests {
    @Test(arguments: [1, ClaimedFiling.manyOriginals])
    func originalsAreMadeSafe(count: Int) throws {
        let scene = try Scene()
        #expect(ClaimedFiling.synchronise(try claims(count, scene)).isEmpty)
    }

    @Test func nothingIsSafe() {
        #expect(ClaimedFiling.synchronise([]).isEmpty)
    }

    /// Each is told by itself, and those behind it are made safe.
    @Test func originalWhoseSignatureCannotBeReadIsNamed() throws {
        let scene = try Scene()
        let claims = try claims(3, scene)
        claims[1].addSidecar(".p7s")
        let unsafe = ClaimedFiling.synchronise(claims)
        #expect(unsafe.map(\.claim.id) == [claims[1].id])
        #expect(unsafe.map(\.error.code) == [.vanished])
    }

    private func claims(_ count: Int, _ scene: Scene) throws -> [ClaimedFiling] {
        let work = try WorkFolder(scene.folder(.closeWrite))
        return try (0..<count).map { number in
            try scene.deliver("\(number).csv", "abc")
            return try scene.claimed(work, "\(number).csv")
        }
    }
}
