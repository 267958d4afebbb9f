/// RSASSA-PSS-params (RFC 4055 section 3.1).
struct PSSParameters: Sendable, Hashable {
    var digest: DigestAlgorithm
    var maskDigest: DigestAlgorithm
    /// Bytes of salt.
    var salt: Int

    /// The usual ones: one digest, and a salt of its length.
    init(_ digest: DigestAlgorithm) {
        self.init(digest: digest, maskDigest: digest, salt: digest.size)
    }

    private init(digest: DigestAlgorithm, maskDigest: DigestAlgorithm, salt: Int) {
        self.digest = digest
        self.maskDigest = maskDigest
        self.salt = salt
    }

    /// Reads parameters. Where one is left out its default counts, and the default digest is SHA-1.
    init(_ parameters: AlgorithmIdentifier.Parameters) throws(AlgorithmFault) {
        guard case .other(let bytes) = parameters else {
            throw .weak("RSA-PSS without parameters, which means SHA-1")
        }
        do {
            self = try Self.parse(bytes)
        } catch let fault as AlgorithmFault {
            throw fault
        } catch {
            throw .unsupported("RSA-PSS parameters that cannot be read")
        }
        guard digest != .sm3, maskDigest != .sm3 else { throw .unsupported("RSA-PSS with SM3") }
    }

    /// The parameters in DER.
    var der: [UInt8] {
        let hash = AlgorithmIdentifier(digest.id, .null).der
        let mask = AlgorithmIdentifier(AlgorithmIDs.mgf1, .other(AlgorithmIdentifier(maskDigest.id, .null).der)).der
        return DERWriter.sequence(
            DERWriter.value(DERTag.contextConstructed(0), hash), DERWriter.value(DERTag.contextConstructed(1), mask),
            DERWriter.value(DERTag.contextConstructed(2), DERWriter.integer(UInt64(salt))))
    }

    private static func parse(_ bytes: [UInt8]) throws -> PSSParameters {
        let element = try DERElement(bytes[...])
        try element.expect(DERTag.sequence, "RSA-PSS parameters")
        var members = element.children
        guard let hash = try members.nextIf(DERTag.contextConstructed(0)) else {
            throw AlgorithmFault.weak("RSA-PSS that names no digest, which means SHA-1")
        }
        let digest = try DigestAlgorithm(try AlgorithmIdentifier(try DERElement(hash.content)))
        guard let mask = try members.nextIf(DERTag.contextConstructed(1)) else {
            throw AlgorithmFault.weak("RSA-PSS that names no mask digest, which means SHA-1")
        }
        let generator = try AlgorithmIdentifier(try DERElement(mask.content))
        guard generator.algorithm == AlgorithmIDs.mgf1, case .other(let inner) = generator.parameters else {
            throw AlgorithmFault.unsupported("the RSA-PSS mask \(generator.seen)")
        }
        let maskDigest = try DigestAlgorithm(try AlgorithmIdentifier(der: inner))
        let salt = try members.nextIf(DERTag.contextConstructed(2)).map { try DERElement($0.content).smallInteger() }
        if let trailer = try members.nextIf(DERTag.contextConstructed(3)) {
            guard try DERElement(trailer.content).smallInteger() == 1 else {
                throw AlgorithmFault.unsupported("the RSA-PSS trailer")
            }
        }
        try members.end("RSA-PSS parameters")
        return PSSParameters(digest: digest, maskDigest: maskDigest, salt: salt ?? 20)
    }
}
