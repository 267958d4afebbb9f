import Findings

// The signed attributes (RFC 5652 section 11, RFC 5035, ETSI EN 319 122-1 clause 5).
extension SignerCheck {
    // Those that may occur once and have one value.
    private static let single = [
        CMSObjectIDs.contentType, CMSObjectIDs.messageDigest, CMSObjectIDs.signingTime,
        CMSObjectIDs.signingCertificateV2,
    ]

    /// That the attributes that must be there are, and none is there twice.
    mutating func checkAttributes(_ attributes: SignedAttributes) {
        let before = checks.count
        var required = [CMSObjectIDs.contentType, CMSObjectIDs.messageDigest]
        if cades { required.append(CMSObjectIDs.signingCertificateV2) }
        for type in required where attributes.values(of: type).isEmpty {
            fail(.attributes, .packageAttributeInvalid, "\(CMSObjectIDs.attributeName(type)) is missing")
        }
        var seen: Set<ObjectID> = []
        for attribute in attributes.attributes {
            let name = CMSObjectIDs.attributeName(attribute.type)
            if !seen.insert(attribute.type).inserted {
                fail(.attributes, .packageAttributeInvalid, "\(name) is there twice")
            } else if attribute.values.isEmpty || attribute.values.count > 1 && Self.single.contains(attribute.type) {
                fail(.attributes, .packageAttributeInvalid, "\(name) has \(attribute.values.count) values")
            } else if attribute.type == CMSObjectIDs.countersignature {
                fail(.attributes, .packageAttributeInvalid, "\(name) cannot be a signed attribute")
            }
        }
        guard checks.count == before else { return }
        pass(.attributes, describe(attributes))
    }

    /// The form without attributes signs the content itself, which only plain data may do (RFC 5652 section 5.3).
    mutating func checkAbsentAttributes() {
        if digests.isSignedAttributes {
            fail(
                .attributes, .packageAttributeInvalid,
                "there are none, but \(document) is itself a set of signed attributes, taken out of another message")
        } else if cades {
            fail(.attributes, .packageAttributeInvalid, "there are no signed attributes, CAdES needs them")
        } else if message.holdsData {
            pass(.attributes, "none are signed; \(unsigned)")
        }
        if message.holdsData {
            pass(.contentType, "plain data")
        } else {
            fail(
                .contentType, .packageContentType,
                "content of type \(message.contentType) cannot be signed without attributes")
        }
    }

    /// The claimed signing time, if there is one.
    mutating func checkSigningTime(_ attributes: SignedAttributes) -> Int64? {
        guard let value = value(of: CMSObjectIDs.signingTime, in: attributes) else { return nil }
        do throws(EncodingFault) {
            return try SigningTime.seconds(value)
        } catch {
            fail(.signingTime, .packageAttributeInvalid, "signing-time: \(error.detail)")
            return nil
        }
    }

    /// content-type is the type of the content.
    mutating func checkContentType(_ attributes: SignedAttributes) {
        guard let value = value(of: CMSObjectIDs.contentType, in: attributes) else { return }
        guard let type = try? value.objectID() else {
            fail(.contentType, .packageAttributeInvalid, "content-type is no object identifier")
            return
        }
        if type == message.contentType {
            pass(.contentType, "\(type)")
        } else {
            fail(.contentType, .packageContentType, "\(type) was signed, the content says \(message.contentType)")
        }
    }

    /// message-digest is the digest of the content.
    mutating func checkMessageDigest(_ attributes: SignedAttributes, algorithm: DigestAlgorithm?) {
        guard let algorithm, let value = value(of: CMSObjectIDs.messageDigest, in: attributes) else { return }
        guard let actual = digests.plain[algorithm]?.bytes else {
            fail(
                .messageDigest, .packageDetachedContentMissing,
                "\(document) was not digested with \(algorithm.rawValue)")
            return
        }
        guard value.tag == DERTag.octetString else {
            fail(.messageDigest, .packageAttributeInvalid, "message-digest is no OCTET STRING")
            return
        }
        let signed = Array(value.content)
        if signed == actual {
            pass(.messageDigest, "\(document): \(algorithm.rawValue) \(hex(actual))")
        } else {
            fail(
                .messageDigest, .packageDocumentDigest,
                "\(document) has \(algorithm.rawValue) \(hex(actual)), \(hex(signed)) was signed")
        }
    }

    /// signing-certificate-v2 names the signer's certificate.
    mutating func checkSigningCertificate(_ attributes: SignedAttributes) throws(PackageError) {
        guard let value = value(of: CMSObjectIDs.signingCertificateV2, in: attributes), let certificate else { return }
        do {
            let attribute = try SigningCertificateAttribute(value)
            if let mismatch = try attribute.mismatch(with: certificate) {
                fail(.signingCertificate, .packageSigningCertificateMismatch, mismatch)
            } else {
                pass(.signingCertificate, "signing-certificate-v2, \(attribute.digestAlgorithm.rawValue)")
            }
        } catch let fault as EncodingFault {
            fail(.signingCertificate, .packageAttributeInvalid, "signing-certificate-v2: \(fault.detail)")
        } catch let fault as AlgorithmFault {
            fail(.signingCertificate, fault.kind, "signing-certificate-v2: \(fault.detail)")
        } catch let error as PackageError {
            throw error
        } catch {
            fail(.signingCertificate, .packageAttributeInvalid, "signing-certificate-v2: \(error)")
        }
    }

    // The one value of an attribute; what is missing, twice there or has several was reported.
    private func value(of type: ObjectID, in attributes: SignedAttributes) -> DERElement? {
        let lists = attributes.values(of: type)
        return lists.count == 1 && lists[0].count == 1 ? lists[0][0] : nil
    }

    private func describe(_ attributes: SignedAttributes) -> String {
        let names = attributes.attributes.map { CMSObjectIDs.attributeName($0.type) }.joined(separator: ", ")
        let order = attributes.writtenBytes == nil ? "" : "; not written in the order of DER"
        return "signed: \(names)\(order); \(unsigned)"
    }

    private var unsigned: String {
        let names = signer.unsignedAttributes.map(CMSObjectIDs.attributeName).joined(separator: ", ")
        return names.isEmpty ? "no unsigned ones" : "unsigned and ignored: \(names)"
    }
}
