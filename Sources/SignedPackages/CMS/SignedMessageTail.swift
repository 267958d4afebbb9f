/// What stands behind the content of a SignedData (RFC 5652 section 5.1): certificates, revocation lists, signers.
struct SignedMessageTail {
    /// Bytes of one certificate. Real ones have a few thousand.
    static let certificateBytes = 64 << 10

    private let limits: PackageLimits
    private var certificates: [[UInt8]] = []
    private var crls: [[UInt8]] = []
    private var ocspResponses: [[UInt8]] = []
    private var signers: [SignerBlock] = []
    private var notes: [String] = []
    // The tag of the last part; parts come in a fixed order.
    private var last: UInt8 = 0

    init(limits: PackageLimits) {
        self.limits = limits
    }

    /// Takes the next part.
    mutating func take(_ element: DERElement) throws(EncodingFault) {
        guard last != DERTag.set else { throw EncodingFault("a value behind the signers") }
        guard element.tag > last || element.tag == DERTag.set else {
            throw EncodingFault("tag 0x\(hex(element.tag)) out of its place")
        }
        last = element.tag
        switch element.tag {
        case DERTag.contextConstructed(0): try takeCertificates(element.children)
        case DERTag.contextConstructed(1): try takeRevocation(element.children)
        case DERTag.set: try takeSigners(element.children)
        default: throw EncodingFault("tag 0x\(hex(element.tag)) in SignedData")
        }
    }

    /// Makes sure that the signers were there, be it as an empty set.
    func finish() throws(EncodingFault) {
        guard last == DERTag.set else { throw EncodingFault("the signers are missing", kind: .packageTruncated) }
    }

    /// Hands everything over.
    func move(into message: inout SignedMessage) {
        message.certificates = certificates
        message.crls = crls
        message.ocspResponses = ocspResponses
        message.signers = signers
        message.notes += notes
    }

    private mutating func takeCertificates(_ cursor: DERCursor) throws(EncodingFault) {
        var cursor = cursor
        var ignored = 0
        while let element = try cursor.next() {
            guard certificates.count + ignored < limits.certificates else {
                throw EncodingFault("more than \(limits.certificates) certificates", kind: .packageLimit)
            }
            guard element.tag == DERTag.sequence else {
                ignored += 1
                continue
            }
            guard element.encoded.count <= Self.certificateBytes else {
                throw EncodingFault("a certificate of \(element.encoded.count) bytes", kind: .packageLimit)
            }
            certificates.append(Array(element.encoded))
        }
        if ignored > 0 { notes.append("\(ignored) attribute certificates or certificates of other forms are ignored") }
    }

    private mutating func takeRevocation(_ cursor: DERCursor) throws(EncodingFault) {
        var cursor = cursor
        var ignored = 0
        while let element = try cursor.next() {
            guard crls.count + ocspResponses.count + ignored < limits.revocationItems else {
                throw EncodingFault("more than \(limits.revocationItems) revocation items", kind: .packageLimit)
            }
            if element.tag == DERTag.sequence {
                crls.append(Array(element.encoded))
                continue
            }
            var parts = element.children
            if element.tag == DERTag.contextConstructed(1),
                try parts.next(DERTag.objectIdentifier, "the form of a revocation item").objectID()
                    == CMSObjectIDs.ocspResponse,
                let response = try parts.next()
            {
                ocspResponses.append(Array(response.encoded))
            } else {
                ignored += 1
            }
        }
        if ignored > 0 { notes.append("\(ignored) revocation items of other forms are ignored") }
    }

    private mutating func takeSigners(_ cursor: DERCursor) throws(EncodingFault) {
        var cursor = cursor
        while let element = try cursor.next() {
            guard signers.count < limits.signatures else {
                throw EncodingFault("more than \(limits.signatures) signers", kind: .packageLimit)
            }
            signers.append(try SignerBlock(element))
        }
    }
}
