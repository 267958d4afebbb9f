// Between the signers of a receipt and their elements.

extension SignerElement {
    init(_ signer: Receipt.Signer) {
        self.init(
            name: XMLText.oneLine(signer.name), verdict: signer.verdict.rawValue,
            serial: XMLText.oneLine(signer.serial), fingerprint: XMLText.oneLine(signer.fingerprint),
            algorithm: XMLText.oneLine(signer.algorithm), signedAt: XMLText.oneLine(signer.signedAt),
            subject: XMLText.allowed(signer.subject), covers: signer.covers.map(XMLText.allowed),
            check: signer.checks.map(CheckElement.init))
    }
}

extension CheckElement {
    init(_ check: Receipt.Check) {
        self.init(
            name: XMLText.oneLine(check.name), verdict: check.verdict.rawValue, code: XMLText.oneLine(check.code),
            detail: XMLText.allowed(check.detail))
    }
}

extension Receipt.Signer {
    /// The signers of elements; nil when one says a word that this version does not know.
    static func list(_ elements: [SignerElement]) -> [Receipt.Signer]? {
        let signers = elements.compactMap(Receipt.Signer.init)
        return signers.count == elements.count ? signers : nil
    }

    private init?(_ element: SignerElement) {
        guard let verdict = Receipt.Signature(rawValue: element.verdict) else { return nil }
        let checks = element.check.compactMap(Receipt.Check.init)
        guard checks.count == element.check.count else { return nil }
        self.init(
            name: element.name, verdict: verdict, subject: element.subject, serial: element.serial,
            fingerprint: element.fingerprint, algorithm: element.algorithm, signedAt: element.signedAt,
            covers: element.covers, checks: checks)
    }
}

extension Receipt.Check {
    fileprivate init?(_ element: CheckElement) {
        guard let verdict = Receipt.Signature(rawValue: element.verdict) else { return nil }
        self.init(name: element.name, verdict: verdict, code: element.code, detail: element.detail)
    }
}
