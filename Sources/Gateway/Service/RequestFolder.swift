// Where Foundation is in use, the compiler takes `struct stat` for a part of it.
import CoreFoundation
import Foundation
import Glibc

/// Where people leave what they ask of a gateway, running or not: small files in the state folder, which the gateway picks up
/// within a second, or at its next start, and removes when what they ask for has been done.
struct RequestFolder: Sendable {
    private let state: String
    private var path: String { state + "/requests" }

    init(_ state: StateFolder) {
        self.state = state.path
    }

    /// Makes the folder. It belongs to whom the state folder belongs to: the gateway, even when it is root who asks.
    func make() throws(GatewayError) {
        try StateFolder.make(path)
        handOver(path)
    }

    /// Leaves a request, durably; one of the same name is replaced.
    ///
    /// - Throws: ``GatewayError`` when the folder cannot be written to.
    func leave(_ bytes: [UInt8] = [], as name: String) throws(GatewayError) {
        try make()
        try DurableFile.write(bytes, to: "\(path)/\(name)", mode: 0o640) { handOver($0) }
    }

    /// The names of what waits, in order.
    func names() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// The bytes of a request; nil when it cannot be read.
    func contents(of name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { [UInt8]($0) }
    }

    /// Removes a request, which need not be there.
    func remove(_ name: String) {
        unlink("\(path)/\(name)")
    }

    private func handOver(_ path: String) {
        var owner = stat()
        guard geteuid() == 0, stat(state, &owner) == 0 else { return }
        _ = lchown(path, owner.st_uid, owner.st_gid)
    }
}
