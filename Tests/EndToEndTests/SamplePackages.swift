import Foundation
import Testing

/// The sample packages, as the tables of their README list them.
enum SamplePackages {
    static let folder = Program.repository.appending(path: "samples/packages")
    static let pki = Program.repository.appending(path: "samples/pki")

    /// One row of the tables: a package, and the codes of all findings that it gives, its own first.
    struct Row: Sendable, CustomTestStringConvertible {
        var file: String
        var codes: [String]
        var isGood: Bool { file.hasPrefix("good/") }
        var testDescription: String { file }
        var path: String { folder.appending(path: file).path }
    }

    static let rows: [Row] = {
        let readme = folder.appending(path: "README.md")
        let text = (try? String(contentsOf: readme, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            guard let match = line.firstMatch(of: /^\| `((?:good|broken)\/[^`]+)` \|([^|]*)\|/) else { return nil }
            let codes = match.2.matches(of: /`(package\.[a-z0-9-]+)`/).map { String($0.1) }
            return Row(file: String(match.1), codes: codes)
        }
    }()

    static func certificate(_ name: String) -> String { pki.appending(path: "certs/\(name).crt").path }
    static func key(_ name: String) -> String { pki.appending(path: "keys/\(name).key").path }
    static func list(_ name: String) -> String { pki.appending(path: "crls/\(name).crl").path }

    /// The roots and lists of the README, and nothing else.
    static let trust: [String] =
        ["test-root", "sm2-root"].flatMap { ["--trust", certificate($0)] }
        + ["test-root", "test-ca", "sm2-root", "sm2-ca"].flatMap { ["--crl", list($0)] }

    /// The policy of the README.
    static let policy =
        trust + [
            "--organisation-code", "12370827MB0000000C", "--revocation", "required", "--at", "2026-12-01T00:00:00Z",
        ]

    /// A signer's flags for `qiao package create`.
    static func signer(_ name: String) -> [String] { ["--key", key(name), "--certificate", certificate(name)] }

    /// A signer's flags for `openssl cms -sign`.
    static func opensslSigner(_ name: String) -> [String] { ["-signer", certificate(name), "-inkey", key(name)] }
}

/// What `qiao package verify --json` prints, as far as tests look at it.
struct PackageReport: Decodable {
    struct Found: Decodable {
        var code: String
        var severity: String
    }

    struct Signature: Decodable {
        struct Signer: Decodable {
            var subject: String
            var organisationCode: String
            var algorithm: String
            var fingerprint: String
        }

        var outcome: String
        var signer: Signer?
        var profile: String
        var covers: [String]
    }

    struct Document: Decodable {
        var name: String
        var size: Int
    }

    var kind: String?
    var outcome: String
    var at: String
    var documents: [Document]
    var signatures: [Signature]
    var findings: [Found]

    init(_ ended: Ended) throws {
        self = try JSONDecoder().decode(PackageReport.self, from: ended.output)
    }

    var codes: [String] { Set(findings.map(\.code)).sorted() }
}

/// Runs `qiao package verify --json`.
func verify(_ path: String, _ arguments: [String] = SamplePackages.trust) async throws -> (Ended, PackageReport) {
    let ended = try await run(Program.path("qiao"), ["package", "verify", path, "--json"] + arguments)
    guard !ended.output.isEmpty else { throw Unverified(description: "exit \(ended.exitCode): \(ended.errors)") }
    return (ended, try PackageReport(ended))
}

struct Unverified: Error, CustomStringConvertible {
    var description: String
}
