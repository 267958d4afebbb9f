import Findings

/// Reads a SignedData in DER, BER or PEM: the content stays where it is, everything else comes into memory, bounded.
struct SignedMessageReader {
    private let input: any PackageInput
    private let limits: PackageLimits
    private var window: InputWindow
    private var position: Int64 = 0
    // Bytes other than content that were taken into memory.
    private var spent: Int64 = 0
    private var rewrote = false
    // The outermost length is definite and fits the input, so that nothing can be missing at the end.
    private var isWhole = false

    private init(_ input: any PackageInput, limits: PackageLimits) {
        self.input = input
        self.limits = limits
        window = InputWindow(input, capacity: InputWindow.streaming)
    }

    /// Reads a message.
    ///
    /// - Throws: A fault of the package; or of the input, in ``PackageFault/reading``.
    static func read(
        _ input: any PackageInput, limits: PackageLimits = PackageLimits()
    ) throws(PackageFault) -> SignedMessage {
        let pem = try PEMLayout.find(in: input)
        var reader = SignedMessageReader(pem.map { PEMInput(input, layout: $0) } ?? input, limits: limits)
        var message = try reader.message()
        message.pem = pem
        return message
    }

    private mutating func message() throws(PackageFault) -> SignedMessage {
        let contentInfo = try open(DERTag.sequence, "ContentInfo", limit: input.size)
        if let end = contentInfo.contentEnd, end < input.size {
            throw malformed("\(input.size - end) more bytes behind the end of the message")
        }
        isWhole = contentInfo.contentEnd != nil
        let limit0 = contentInfo.contentEnd ?? input.size
        let profile = try profile(try objectID("the type of the message", limit: limit0))
        let wrapper = try open(DERTag.contextConstructed(0), "the SignedData", limit: limit0)
        let limit1 = wrapper.contentEnd ?? limit0
        let signedData = try open(DERTag.sequence, "the SignedData", limit: limit1)
        let limit2 = signedData.contentEnd ?? limit1
        var message = try head(profile: profile, limit: limit2)
        try readContent(into: &message, limit: limit2)
        try readTail(into: &message, enclosing: [signedData, wrapper, contentInfo], limit: limit2)
        let lengths = [contentInfo, wrapper, signedData].contains { $0.contentEnd == nil }
        message.encoding = lengths || rewrote || message.encoding == .ber ? .ber : .der
        return message
    }

    private func profile(_ type: ObjectID) throws(PackageFault) -> CMSProfile {
        switch type {
        case CMSObjectIDs.signedData: return .cms
        case CMSObjectIDs.chineseSignedData: return .gbt35275
        case let type where CMSObjectIDs.encrypted.contains(type):
            throw PackageFault("package", .structure, .packageNotSigned, "it is encrypted (\(type)), not signed")
        default:
            throw PackageFault("package", .structure, .packageNotSigned, "it holds \(type), not SignedData")
        }
    }

    private mutating func head(profile: CMSProfile, limit: Int64) throws(PackageFault) -> SignedMessage {
        let versionElement = try value("the version", limit: limit)
        let digests = try value("the digest algorithms", limit: limit)
        let signatures = limits.signatures
        let (version, algorithms) = try PackageFault.decoding("package") { () throws(EncodingFault) in
            let version = try versionElement.smallInteger()
            guard [1, 3, 4, 5].contains(version) else { throw EncodingFault("SignedData of version \(version)") }
            try digests.expect(DERTag.set, "the digest algorithms")
            var cursor = digests.children
            var algorithms: [AlgorithmIdentifier] = []
            while let element = try cursor.next() {
                guard algorithms.count < signatures else {
                    throw EncodingFault("more than \(signatures) digest algorithms", kind: .packageLimit)
                }
                algorithms.append(try AlgorithmIdentifier(element))
            }
            return (version, algorithms)
        }
        return SignedMessage(
            profile: profile, encoding: .der, version: version, contentType: CMSObjectIDs.data,
            digestAlgorithms: algorithms, limits: limits)
    }
}

// The content, and what stands around it.
extension SignedMessageReader {
    private mutating func readContent(into message: inout SignedMessage, limit: Int64) throws(PackageFault) {
        let holder = try open(DERTag.sequence, "the content", limit: limit)
        let limit = holder.contentEnd ?? limit
        message.contentType = try objectID("the type of the content", limit: limit)
        if holder.contentEnd == nil { message.encoding = .ber }
        if try !isAtEnd(of: holder, limit: limit) {
            let wrapper = try open(DERTag.contextConstructed(0), "the content", limit: limit)
            var location = try locate(limit: wrapper.contentEnd ?? limit)
            var walker = ContentWalker(location, limits: limits)
            while let piece = try walker.next(in: &window) {
                location.size += piece.upperBound - piece.lowerBound
                guard location.size <= limits.documentBytes else {
                    throw PackageFault(
                        "package", .structure, .packageLimit, "the content has more than \(limits.documentBytes) bytes")
                }
            }
            position = walker.position
            try close(wrapper, "the content")
            if wrapper.contentEnd == nil || location.header.tag != DERTag.octetString { message.encoding = .ber }
            message.content = location
        }
        try close(holder, "the content")
    }

    private mutating func locate(limit: Int64) throws(PackageFault) -> ContentLocation {
        let header = try BERHeader.read(at: position, limit: limit, in: &window, exceeding: exceeding(limit))
        guard header.tag & ~0x20 == DERTag.octetString else {
            throw malformed("the content is no OCTET STRING but has tag 0x\(hex(header.tag))")
        }
        return ContentLocation(header: header, limit: limit, mayBeCut: limit == input.size && !isWhole)
    }

    // Certificates, revocation lists, signers: one stretch at the end, which is read at once.
    private mutating func readTail(
        into message: inout SignedMessage, enclosing: [BERHeader], limit: Int64
    ) throws(PackageFault) {
        let bytes = try load(input.size - position, "the signatures")
        var normalizer = BERNormalizer(bytes[...], nesting: limits.nesting)
        var index = 0
        var tail = SignedMessageTail(limits: limits)
        let end = enclosing[0].contentEnd == nil ? nil : Int(limit - position)
        try decoding { () throws(EncodingFault) in
            try Self.readParts(of: &normalizer, from: &index, to: end, into: &tail)
            for header in enclosing.dropFirst() where header.contentEnd == nil {
                guard index < bytes.count else {
                    throw EncodingFault("the message has no end", kind: .packageTruncated)
                }
                guard try normalizer.next(at: &index) == nil else {
                    throw EncodingFault("a value behind the SignedData")
                }
            }
            guard index == bytes.count else {
                throw EncodingFault("\(bytes.count - index) more bytes behind the end of the SignedData")
            }
        }
        rewrote = rewrote || normalizer.rewrote
        tail.move(into: &message)
    }

    // Up to `end`, or to the end-of-contents octets where the length is indefinite.
    private static func readParts(
        of normalizer: inout BERNormalizer, from index: inout Int, to end: Int?, into tail: inout SignedMessageTail
    ) throws(EncodingFault) {
        while index != end {
            guard let element = try normalizer.next(at: &index) else {
                guard end == nil else { throw EncodingFault("end-of-contents octets where nothing ends") }
                break
            }
            guard end.map({ index <= $0 }) ?? true else {
                throw EncodingFault("a value reaches behind the end of the SignedData")
            }
            try tail.take(try DERElement(element))
        }
        try tail.finish()
    }
}

// Small values and the headers around big ones.
extension SignedMessageReader {
    private mutating func open(_ tag: UInt8, _ what: String, limit: Int64) throws(PackageFault) -> BERHeader {
        if position < limit {
            let found = try window.byte(at: position)
            guard found == tag else {
                throw malformed("expected \(what) (tag 0x\(hex(tag))), found tag 0x\(hex(found)) at byte \(position)")
            }
        }
        let header = try BERHeader.read(at: position, limit: limit, in: &window, exceeding: exceeding(limit))
        position = header.contentStart
        return header
    }

    private mutating func close(_ header: BERHeader, _ what: String) throws(PackageFault) {
        if let end = header.contentEnd {
            guard position == end else { throw malformed("\(end - position) more bytes behind the end of \(what)") }
            return
        }
        let mark = try BERHeader.read(at: position, limit: input.size, in: &window, exceeding: .packageTruncated)
        guard mark.isEndOfContents else { throw malformed("a value behind the end of \(what), at byte \(position)") }
        position = mark.contentStart
    }

    private mutating func isAtEnd(of header: BERHeader, limit: Int64) throws(PackageFault) -> Bool {
        if let end = header.contentEnd { return position == end }
        return try BERHeader.read(at: position, limit: limit, in: &window, exceeding: exceeding(limit)).isEndOfContents
    }

    private mutating func objectID(_ what: String, limit: Int64) throws(PackageFault) -> ObjectID {
        let element = try value(what, limit: limit)
        return try PackageFault.decoding("package") { () throws(EncodingFault) in try element.objectID() }
    }

    // A small value in DER, whatever it was written in.
    private mutating func value(_ what: String, limit: Int64) throws(PackageFault) -> DERElement {
        let header = try BERHeader.read(at: position, limit: limit, in: &window, exceeding: exceeding(limit))
        let bytes = try load((header.contentEnd ?? min(limit, position + Self.indefiniteHead)) - position, what)
        var normalizer = BERNormalizer(bytes[...], nesting: limits.nesting)
        var index = 0
        let element = try decoding { () throws(EncodingFault) in
            guard let value = try normalizer.next(at: &index) else { throw EncodingFault("\(what) is missing") }
            return try DERElement(value)
        }
        rewrote = rewrote || normalizer.rewrote
        position += Int64(index)
        return element
    }

    // How far the end of a value of indefinite length before the content is looked for.
    private static let indefiniteHead: Int64 = 16 << 10

    private mutating func load(_ count: Int64, _ what: String) throws(PackageFault) -> [UInt8] {
        spent += count
        guard spent <= Int64(limits.signatureBytes) else {
            throw PackageFault(
                "package", .structure, .packageLimit,
                "\(what): more than \(limits.signatureBytes) bytes besides the content")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(count))
        var offset = position
        while Int64(bytes.count) < count {
            let range = try window.range(at: offset, atMost: count - Int64(bytes.count))
            bytes.append(contentsOf: window.bytes[range])
            offset += Int64(range.count)
        }
        return bytes
    }

    // Behind the end of the input means that something is missing; behind the end of an outer value, a contradiction.
    private func exceeding(_ limit: Int64) -> FindingKind {
        limit == input.size && !isWhole ? .packageTruncated : .packageMalformed
    }

    private func decoding<Value>(_ body: () throws(EncodingFault) -> Value) throws(PackageFault) -> Value {
        do throws(EncodingFault) {
            return try body()
        } catch {
            var fault = error
            if isWhole, fault.kind == .packageTruncated { fault.kind = .packageMalformed }
            throw PackageFault("package", fault)
        }
    }

    private func malformed(_ detail: String) -> PackageFault {
        PackageFault("package", .structure, .packageMalformed, detail)
    }
}
