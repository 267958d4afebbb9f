import Findings

/// Whether the signer is one that the source declares.
enum BindingRule {
    /// One match of any kind is enough: a source that changes its certificate has the old and the new one pinned for a
    /// while, and both are equally good.
    static func check(_ signer: PackageCertificate, _ binding: SignerBinding) -> PackageCheck {
        if binding.isOpen {
            return .passed(signer.label, .binding, "the source accepts any signer whose path ends in one of its roots")
        }
        if binding.pinned.contains(where: { fingerprint($0) == signer.fingerprint }) {
            return .passed(signer.label, .binding, "the certificate is pinned (SHA-256 \(signer.fingerprint))")
        }
        if let subject = binding.subjects.first(where: { SubjectText.matches($0, signer.subjectName) }) {
            return .passed(signer.label, .binding, "the subject is declared: \(subject)")
        }
        let code = signer.organisationCode
        if !code.isEmpty, binding.organisationCodes.contains(where: { OrganisationCode.normalised($0) == code }) {
            return .passed(signer.label, .binding, "the organisation code is declared: \(code)")
        }
        return .failed(signer.label, .binding, .packageWrongSigner, mismatch(signer, code, binding))
    }

    private static func mismatch(_ signer: PackageCertificate, _ code: String, _ binding: SignerBinding) -> String {
        let declared = [
            ("certificates", binding.pinned), ("subjects", binding.subjects),
            ("organisation codes", binding.organisationCodes),
        ]
        let wanted = declared.filter { !$0.1.isEmpty }
            .map { "\($0.0) \($0.1.joined(separator: " or "))" }.joined(separator: "; ")
        let codeText = code.isEmpty ? "no organisation code" : "organisation code \(code)"
        return "signed by \(signer.label), SHA-256 \(signer.fingerprint), \(codeText); the source declares \(wanted)"
    }

    // `AB:CD:…`, as openssl prints it, is as good as `abcd…`.
    private static func fingerprint(_ text: String) -> String {
        text.lowercased().filter { $0 != ":" && !$0.isWhitespace }
    }
}
