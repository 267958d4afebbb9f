/// Why a certificate was revoked (RFC 5280 section 5.3.1).
enum RevocationReason: Int, Sendable, Hashable, CaseIterable {
    case unspecified = 0
    case keyCompromise = 1
    case cACompromise = 2
    case affiliationChanged = 3
    case superseded = 4
    case cessationOfOperation = 5
    case certificateHold = 6
    case removeFromCRL = 8
    case privilegeWithdrawn = 9
    case aACompromise = 10
}

/// The reasons that a revocation list covers (`ReasonFlags`), as a set.
struct RevocationReasons: OptionSet, Sendable, Hashable {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Reads the named bits; bit 0 is unused by the standard.
    init(bits: [Bool]) {
        let set = bits.enumerated().filter { $0.element && (1...8).contains($0.offset) }
        self.init(rawValue: set.reduce(0) { $0 | 1 << UInt16($1.offset) })
    }

    /// Every reason.
    static let all = RevocationReasons(rawValue: 0b1_1111_1110)
}
