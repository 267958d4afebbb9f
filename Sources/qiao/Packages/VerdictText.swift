import Findings
import Foundation
import SignedPackages

/// A verdict for people: one line for each check, good or bad, with its reason.
struct VerdictText {
    private let name: String
    private let verdict: PackageVerdict

    init(_ name: String, _ verdict: PackageVerdict) {
        self.name = name
        self.verdict = verdict
    }

    var text: String {
        var lines = ["\(name): \(verdict.kind?.rawValue ?? "unknown kind"), as of \(TimeArgument.text(verdict.at))"]
        lines += verdict.documents.map { "  document \($0.name): \($0.size) bytes, SHA-256 \($0.digest)" }
        lines += verdict.checks.flatMap { Self.lines($0, subject: $0.subject) }
        for signature in verdict.signatures {
            lines.append("\(signature.name): \(signature.signer.map(Self.line) ?? "the signer is not known")")
            if !signature.covers.isEmpty { lines.append("  covers \(signature.covers.joined(separator: ", "))") }
            lines += signature.checks.flatMap { Self.lines($0, subject: Self.subject(of: $0, in: signature)) }
        }
        return (lines + [conclusion]).joined(separator: "\n")
    }

    private var conclusion: String {
        let all = verdict.allChecks
        let bad = all.filter { $0.outcome != .passed }
        switch verdict.outcome {
        case .passed:
            let rest = bad.isEmpty ? "" : ", \(bad.count) not needed"
            return Terminal.coloured("PASSED 验证通过", .green, on: .output)
                + ": \(all.count - bad.count) of \(Plural.of(all.count, "check")) good\(rest)"
        case .failed:
            return Terminal.coloured("FAILED 验证不通过", .red, on: .output) + ": \(Self.codes(bad))"
        case .indeterminate:
            return Terminal.coloured("INDETERMINATE 无法判定", .yellow, on: .output) + ": \(Self.codes(bad))"
        }
    }

    private static func codes(_ checks: [PackageCheck]) -> String {
        var codes: [String] = []
        for code in checks.compactMap(\.kind?.code) where !codes.contains(code) { codes.append(code) }
        return codes.joined(separator: ", ")
    }

    private static func line(_ signer: SignerIdentity) -> String {
        let parts: [String?] = [
            signer.subject,
            "issuer \(signer.issuer)",
            "serial \(signer.serial)",
            "SHA-256 \(signer.fingerprint)",
            signer.organisationCode.isEmpty ? nil : "organisation code \(signer.organisationCode)",
            signer.algorithm,
            signer.signedAt.isEmpty ? "no signing time" : "signing time \(signer.signedAt)",
        ]
        return parts.compactMap(\.self).joined(separator: "; ")
    }

    // A check that has something to say to those who filed the package says it in their language too.
    private static func lines(_ check: PackageCheck, subject: String?) -> [String] {
        let line = "  \(word(check)) \(check.check.inWords): \(subject.map { $0 + ": " } ?? "")\(check.detail)"
        guard let kind = check.kind, let finding = check.finding(decisive: true) else { return [line] }
        return [line, "       \(kind.code): \(finding.message.english)", "       \(finding.message.chinese)"]
    }

    // The signature and its signer stand above its checks already; what is about others says so.
    private static func subject(of check: PackageCheck, in signature: SignatureVerdict) -> String? {
        let isOwn = check.subject == signature.signer?.subject || check.subject.hasPrefix(signature.name)
        return isOwn ? nil : check.subject
    }

    private static func word(_ check: PackageCheck) -> String {
        switch check.outcome {
        case .passed: check.kind == nil ? Terminal.coloured("good", .green, on: .output) : "note"
        case .failed: Terminal.coloured("BAD ", .red, on: .output)
        case .indeterminate: Terminal.coloured("???", .yellow, on: .output) + " "
        }
    }
}

extension CheckName {
    /// `documentDigest` as `document digest`.
    var inWords: String {
        rawValue.reduce(into: "") { words, letter in
            words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
        }
    }
}

/// A verdict for machines. Certificates and revocation data stay out of it; they are in the journal.
struct VerdictView: Encodable {
    struct Signature: Encodable {
        var name: String
        var outcome: CheckOutcome
        var signer: SignerIdentity?
        var profile: CMSProfile
        var covers: [String]
        var checks: [PackageCheck]
    }

    var file: String
    var kind: PackageKind?
    /// `passed`, `failed`, `indeterminate`, or `unsigned` for a file that is no package.
    var outcome: String
    var at: String
    var documents: [PackageDocument]
    var checks: [PackageCheck]
    var signatures: [Signature]
    var findings: [Finding]

    init(_ file: String, _ verdict: PackageVerdict) {
        self.file = file
        kind = verdict.kind
        outcome = verdict.outcome.rawValue
        at = TimeArgument.text(verdict.at)
        documents = verdict.documents
        checks = verdict.checks
        signatures = verdict.signatures.map {
            Signature(
                name: $0.name, outcome: $0.outcome, signer: $0.signer, profile: $0.profile, covers: $0.covers,
                checks: $0.checks)
        }
        findings = verdict.findings
    }

    /// A file that is no package.
    init(unsigned file: String, at seconds: Int64) {
        self.file = file
        outcome = "unsigned"
        at = TimeArgument.text(seconds)
        (documents, checks, signatures, findings) = ([], [], [], [])
    }
}
