import SignedPackages

extension SettingsValues {
    /// What a source's keys about signatures say.
    mutating func signature(_ key: [String]) -> SignatureSettings {
        var signature = SignatureSettings()
        signature.demand = choice(key + ["signature"]) ?? .optional
        signature.trust = paths(key + ["trust"])
        signature.crls = paths(key + ["crls"])
        signature.ocsp = paths(key + ["ocsp"])
        signature.signers = signers(key + ["signers"])
        signature.signatures = signatures(key + ["signatures"])
        signature.validity = choice(key + ["validity"]) ?? .both
        signature.revocation = choice(key + ["revocation"]) ?? .whereAvailable
        signature.crlMaxAge = duration(key + ["crl-max-age"])
        signature.signingTime = signingTime(key + ["signing-time"])
        if let wait = duration(key + ["pair-wait"]) { signature.pairWait = wait }
        if signature.demand == .required, signature.trust.isEmpty {
            report(
                key + ["signature"],
                "“signature: required” needs “trust”: PEM files with the roots that signers of this source are under")
        }
        return signature
    }

    /// With what receipts are signed; nil where they are not.
    mutating func receiptSigning() -> ReceiptSigning? {
        let key = ["receipts"]
        let (signWith, certificate) = (text(key + ["sign-with"]), text(key + ["certificate"]))
        guard signWith != nil || certificate != nil else { return nil }
        guard let signWith, let certificate else {
            report(
                key,
                "“receipts” needs both “sign-with”, a private key, and “certificate”, the PEM file that goes with it")
            return nil
        }
        isAbsolute(certificate, key + ["certificate"])
        guard !signWith.hasPrefix("/") else { return ReceiptSigning(key: .file(signWith), certificate: certificate) }
        guard !signWith.isEmpty, !signWith.contains("/"), signWith != ".." else {
            report(
                key + ["sign-with"],
                "“sign-with” must be an absolute path or the name of a systemd credential, not “\(signWith)”")
            return nil
        }
        return ReceiptSigning(key: .credential(signWith), certificate: certificate)
    }

    /// The limits of packages.
    mutating func packageLimits() -> PackageLimits {
        var limits = PackageLimits()
        let key = ["limits"]
        count(key + ["package-entries"], &limits.entries)
        count(key + ["package-signatures"], &limits.signatures)
        count(key + ["package-certificates"], &limits.certificates)
        count(key + ["package-nesting"], &limits.nesting)
        count(key + ["package-expansion"], &limits.expansionRatio)
        bytes(key + ["package-manifest-size"], &limits.manifestBytes)
        bytes(key + ["package-signature-size"], &limits.signatureBytes)
        bytes(key + ["package-document-size"], &limits.documentBytes)
        bytes(key + ["package-expanded-size"], &limits.totalExpandedBytes)
        return limits
    }

    private mutating func signers(_ key: [String]) -> SignerBinding {
        let pinned = list(key + ["pinned"]).map { $0.filter { $0 != ":" && $0 != " " }.lowercased() }
        for pin in pinned where pin.utf8.count != 64 || !pin.allSatisfy(\.isHexDigit) {
            report(
                key + ["pinned"],
                "“pinned” must be SHA-256 fingerprints of certificates, 64 hexadecimal digits each, not “\(pin)”")
        }
        let binding = SignerBinding(
            pinned: pinned, subjects: list(key + ["subjects"]), organisationCodes: list(key + ["organisation-codes"]))
        for subject in binding.unreadableSubjects {
            report(
                key + ["subjects"],
                "“subjects” must be subjects as `openssl x509 -subject` prints them, such as “C = CN, O = …, CN = …”, "
                    + "not “\(subject)”")
        }
        return binding
    }

    private mutating func signatures(_ key: [String]) -> RequiredSignatures {
        guard let text = text(key), text != "all" else { return .all }
        guard let number = Int(text), number > 0 else {
            report(key, "“signatures” must be “all” or a whole number above 0, not “\(text)”")
            return .all
        }
        return .atLeast(number)
    }

    private mutating func signingTime(_ key: [String]) -> SigningTimeRule {
        var rule = SigningTimeRule()
        rule.maximumAge = duration(key + ["max-age"])?.components.seconds
        if let tolerance = duration(key + ["future-tolerance"]) { rule.futureTolerance = tolerance.components.seconds }
        rule.outside = choice(key + ["outside"]) ?? .refuse
        rule.missing = choice(key + ["missing"]) ?? .accept
        return rule
    }

    private mutating func paths(_ key: [String]) -> [String] {
        let paths = list(key)
        for path in paths { isAbsolute(path, key) }
        return paths
    }

    private mutating func isAbsolute(_ path: String, _ key: [String]) {
        guard !path.hasPrefix("/") else { return }
        report(
            key, "“\(key.last ?? "")” must be an absolute path, not “\(path)”: a service has no working folder of yours"
        )
    }

    private mutating func duration(_ key: [String]) -> Duration? {
        guard let text = text(key) else { return nil }
        guard let duration = SettingsText.duration(text) else {
            report(key, "“\(key.last ?? "")” must be a duration such as 90s, 10m, 24h or 7d, not “\(text)”")
            return nil
        }
        return duration
    }
}
