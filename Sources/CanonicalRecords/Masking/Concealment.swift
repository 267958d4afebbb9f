/// Hides texts, in place of which something is appended to a record.
struct Concealment: Sendable {
    /// How a text is hidden.
    enum Manner: UInt8, Sendable {
        /// It is left out.
        case omitted
        /// It is masked.
        case identityNumber, mobile, personName, text
        /// A keyed hash takes its place.
        case hashed

        /// - Parameters:
        ///   - treatment: Anything but `reveal`.
        ///   - masking: What the schema says of the field.
        init(_ treatment: RecordPolicy.Treatment, _ masking: Masking?) {
            switch (treatment, masking) {
            case (.reveal, _), (.drop, _), (.mask, .code): self = .omitted
            case (.hash, _): self = .hashed
            case (.mask, .identityNumber): self = .identityNumber
            case (.mask, .mobile): self = .mobile
            case (.mask, .personName): self = .personName
            case (.mask, .text), (.mask, nil): self = .text
            }
        }
    }

    /// For whom it is masked.
    let audience: Masking.Audience
    /// The key of hashes; a policy that hashes has one.
    let key: SipHash128.Key?

    /// Appends a field with what is left of a text. Of an empty text nothing is left.
    func append(_ text: Span<UInt8>, _ manner: Manner, field number: Int, to out: inout RecordBuffer) {
        guard !text.isEmpty, manner != .omitted else { return }
        // What most texts come to: a tag of one byte, three stars with their length.
        if manner == .text, number < 16 {
            let tag = UInt64(truncatingIfNeeded: number) &<< 3 | UInt64(WireType.lengthDelimited.rawValue)
            return out.append(words: (0x2A2A_2A03 &<< 8 | tag, 0, 0, 0), count: 5)
        }
        let mark = out.beginMessage(field: number)
        switch manner {
        case .text, .omitted: Masking.text.appendMasked(text, for: audience, to: &out)
        case .identityNumber: Masking.identityNumber.appendMasked(text, for: audience, to: &out)
        case .mobile: Masking.mobile.appendMasked(text, for: audience, to: &out)
        case .personName: Masking.personName.appendMasked(text, for: audience, to: &out)
        case .hashed: appendHash(of: text, to: &out)
        }
        out.endMessage(mark)
    }

    /// Appends a pair of a map with what is left of its value.
    func append(
        key: Span<UInt8>, value: Span<UInt8>, _ manner: Manner, field number: Int, to out: inout RecordBuffer
    ) {
        let mark = out.beginMessage(field: number)
        out.appendField(1, text: key)
        append(value, manner, field: 2, to: &out)
        out.endMessage(mark)
    }

    private func appendHash(of text: Span<UInt8>, to out: inout RecordBuffer) {
        guard let key else { return Masking.text.appendMasked(text, for: audience, to: &out) }
        var hash = SipHash128(key: key)
        hash.update(text)
        hash.digest().appendHexadecimal(to: &out)
    }
}

extension Concealment.Manner {
    /// What stands above the lowest byte of a step.
    @inline(__always)
    init(step: UInt32) {
        self = Self(rawValue: UInt8(truncatingIfNeeded: step &>> 8)) ?? .omitted
    }
}
