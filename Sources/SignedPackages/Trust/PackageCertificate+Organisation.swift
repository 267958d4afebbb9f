extension PackageCertificate {
    /// The unified social credit code (GB 32100) of the holder, or empty.
    ///
    /// It is taken from GM/T 0015's organisation code (1.2.156.10260.4.1.4), which issuers write as an extension or as
    /// an attribute of the subject, else from organizationIdentifier or O when they hold such a code.
    var organisationCode: String {
        let declared = [
            extensions.organisationCode, subjectName.value(of: CertificateExtensions.OID.organisationCode),
        ]
        for case let text? in declared where !text.isEmpty { return OrganisationCode.normalised(text) }
        for type in ["2.5.4.97", "2.5.4.10"] {
            if let text = subjectName.value(of: type), let code = OrganisationCode.found(in: text) { return code }
        }
        return ""
    }
}

/// Unified social credit codes as certificates carry them.
enum OrganisationCode {
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    /// The code in capitals without white space around it.
    static func normalised(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined().uppercased()
    }

    /// The code that a text is, or that follows its last hyphen (`NTRCN-9137…`), if its check character is right.
    static func found(in text: String) -> String? {
        let code = normalised(text.split(separator: "-").last.map(String.init) ?? text)
        return isValid(code) ? code : nil
    }

    /// Whether 18 characters are a code with the right check character (GB 32100 section 5).
    static func isValid(_ code: String) -> Bool {
        let values = code.utf8.compactMap { alphabet.firstIndex(of: $0) }
        guard values.count == 18, code.utf8.count == 18 else { return false }
        var weight = 1
        var sum = 0
        for value in values.dropLast() {
            sum += value * weight
            weight = weight * 3 % 31
        }
        return (31 - sum % 31) % 31 == values[17]
    }
}
