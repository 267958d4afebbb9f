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

/// Subjects as people write them into settings: `CN=…,O=…,C=CN` (RFC 4514), `C = CN, O = …, CN = …` or
/// `/C=CN/O=…/CN=…` (the two forms of `openssl x509 -subject`), with or without `\E9\B1` escapes.
enum SubjectText {
    /// Whether a text means that name, in either order of the parts.
    static func matches(_ text: String, _ name: CertificateName) -> Bool {
        guard let parsed = parse(text), !parsed.isEmpty else { return false }
        return parsed == name || name.isReversed(parsed)
    }

    private static func parse(_ text: String) -> CertificateName? {
        var text = Substring(text)
        if text.lowercased().hasPrefix("subject=") { text = text.dropFirst("subject=".count) }
        let isSlashed = text.hasPrefix("/")
        let separators: Set<UInt8> = isSlashed ? [UInt8(ascii: "/")] : [UInt8(ascii: ",")]
        let parts = split(isSlashed ? text.dropFirst() : text, at: separators)
        let names = parts.map { part in split(part, at: [UInt8(ascii: "+")]).map(attribute) }
        guard names.joined().allSatisfy({ $0 != nil }) else { return nil }
        return CertificateName(relativeNames: names.map { $0.compactMap(\.self) })
    }

    private static func split(_ text: Substring, at separators: Set<UInt8>) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isEscaped = false
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if !isEscaped, separators.contains(byte) {
                parts.append(text[start..<index])
                start = text.utf8.index(after: index)
            }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        return parts + [text[start...]]
    }

    private static func attribute(_ text: Substring) -> CertificateName.Attribute? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let key = trimmed(text[..<equals])
        let known = CertificateName.shortNames.first { $0.value.lowercased() == key.lowercased() }?.key
        guard let type = known ?? (key.first?.isNumber == true ? key : nil) else { return nil }
        return CertificateName.Attribute(type: type, text: unescaped(trimmed(text[text.index(after: equals)...])))
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    // `\,` is a comma, `\E9` a byte of UTF-8.
    private static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            if let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else if let next = rest.popFirst() {
                bytes.append(next)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
