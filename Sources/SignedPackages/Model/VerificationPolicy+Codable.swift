extension VerificationPolicy: Codable {
    private enum CodingKeys: String, CodingKey {
        case roots, intermediates, crls, ocspResponses, binding, required, validity, revocation, maximumCRLAge
        case signingTime, limits
    }

    /// Reads a policy; what is absent has its default, so that verdicts of an older version can still be read.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            roots: try values.decodeBase64(forKey: .roots),
            intermediates: try values.decodeBase64(forKey: .intermediates),
            crls: try values.decodeBase64(forKey: .crls),
            ocspResponses: try values.decodeBase64(forKey: .ocspResponses),
            maximumCRLAge: try values.decodeIfPresent(Int64.self, forKey: .maximumCRLAge))
        binding = try values.decodeIfPresent(SignerBinding.self, forKey: .binding) ?? binding
        required = try values.decodeIfPresent(RequiredSignatures.self, forKey: .required) ?? required
        validity = try values.decodeIfPresent(ValidityRule.self, forKey: .validity) ?? validity
        revocation = try values.decodeIfPresent(RevocationRule.self, forKey: .revocation) ?? revocation
        signingTime = try values.decodeIfPresent(SigningTimeRule.self, forKey: .signingTime) ?? signingTime
        limits = try values.decodeIfPresent(PackageLimits.self, forKey: .limits) ?? limits
    }

    /// Writes the policy, certificates and revocation data as base64 texts.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeBase64(roots, forKey: .roots)
        try values.encodeBase64(intermediates, forKey: .intermediates)
        try values.encodeBase64(crls, forKey: .crls)
        try values.encodeBase64(ocspResponses, forKey: .ocspResponses)
        try values.encode(binding, forKey: .binding)
        try values.encode(required, forKey: .required)
        try values.encode(validity, forKey: .validity)
        try values.encode(revocation, forKey: .revocation)
        try values.encodeIfPresent(maximumCRLAge, forKey: .maximumCRLAge)
        try values.encode(signingTime, forKey: .signingTime)
        try values.encode(limits, forKey: .limits)
    }
}
