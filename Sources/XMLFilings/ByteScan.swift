// Scanners look at sixteen bytes at a time. Each stops at NUL, hence at the end of the buffer at the latest; U+FFFE and
// U+FFFF, the only forbidden characters above U+001F, begin with EF BF, which is where the scanners of content stop.

private typealias Lanes = SIMD16<UInt8>
private typealias Hits = SIMDMask<SIMD16<Int8>>

/// The number of lanes before the first hit; 16 when there is none. Four bits of each lane make one word, so that there
/// is no branch to guess: where a run ends is what no processor can predict.
@inline(__always)
private func lanesBeforeHit(_ hits: Hits) -> Int {
    let pairs = unsafeBitCast(hits, to: SIMD8<UInt16>.self) &>> 4
    let word = UInt64(littleEndian: unsafeBitCast(SIMD8<UInt8>(truncatingIfNeeded: pairs), to: UInt64.self))
    return word.trailingZeroBitCount &>> 2
}

@inline(__always)
private func isControl(_ lanes: Lanes) -> Hits { lanes .< Lanes(repeating: 0x20) }

@inline(__always)
private func equals(_ lanes: Lanes, _ byte: UInt8) -> Hits { lanes .== Lanes(repeating: byte) }

// TAB and LF need no attention in text, and CR none where line ends are not kept.
@inline(__always)
private func isForbiddenOrReturn(_ lanes: Lanes) -> Hits {
    isControl(lanes) .& (lanes .!= Lanes(repeating: 0x09)) .& (lanes .!= Lanes(repeating: 0x0A))
}

extension Slab where Element == UInt8 {
    @inline(__always)
    private func scan(_ start: Int, _ stop: (Lanes, Int) -> Hits) -> Int {
        var index = start
        while true {
            let lanes = lanesBeforeHit(stop(wide(index), index))
            if lanes < 16 { return min(index &+ lanes, count) }
            index &+= 16
        }
    }

    @inline(__always)
    private func isNoncharacterLead(_ lanes: Lanes, _ index: Int) -> Hits {
        equals(lanes, 0xEF) .& equals(wide(index &+ 1), 0xBF)
    }

    /// The first byte that ends or breaks a run of text: `<`, `&`, `]`, CR, a forbidden control, or EF BF.
    @inline(__always)
    func endOfPlainText(_ start: Int) -> Int {
        var index = start
        while true {
            index = scan(index) { lanes, index in
                equals(lanes, UInt8(ascii: "<")) .| equals(lanes, UInt8(ascii: "&")) .| equals(lanes, UInt8(ascii: "]"))
                    .| isControl(lanes) .| isNoncharacterLead(lanes, index)
            }
            // There are few of these in text, and many more comparisons without them.
            guard peek(index) == 0x09 || peek(index) == 0x0A else { return index }
            index &+= 1
        }
    }

    /// The first byte that ends or breaks a run that goes on to `delimiter`: that, CR, a forbidden control, or EF BF.
    func endOfRun(_ start: Int, delimiter: UInt8) -> Int {
        scan(start) { lanes, index in
            equals(lanes, delimiter) .| isForbiddenOrReturn(lanes) .| isNoncharacterLead(lanes, index)
        }
    }

    /// The first byte of an attribute value that is not taken as it is: the quote, `<`, `&`, any control, or EF BF.
    @inline(__always)
    func endOfPlainValue(_ start: Int, quote: UInt8) -> Int {
        scan(start) { lanes, index in
            equals(lanes, quote) .| equals(lanes, UInt8(ascii: "<")) .| equals(lanes, UInt8(ascii: "&"))
                .| isControl(lanes) .| isNoncharacterLead(lanes, index)
        }
    }

    /// The first byte that certainly is not part of a name: white space or a control, `/`, or one of `<=>?`.
    @inline(__always)
    func endOfName(_ start: Int) -> Int {
        scan(start) { lanes, _ in
            (lanes .<= Lanes(repeating: 0x20)) .| equals(lanes, UInt8(ascii: "/"))
                .| equals(lanes & Lanes(repeating: 0xFC), UInt8(ascii: "<"))
        }
    }

    /// The first byte from `start` on that is a quote or `>`; for finding the end of a tag that is not complete yet.
    func endOfTagPiece(_ start: Int, quote: UInt8?) -> Int {
        var index = start
        while index < count {
            let byte = peek(index)
            if let quote {
                if byte == quote { break }
            } else if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                break
            }
            index += 1
        }
        return index
    }

    /// As ``endOfSpace(_:)``, where there is usually a whole indentation.
    @inline(__always)
    func endOfIndentation(_ start: Int) -> Int {
        scan(start) { lanes, _ in
            (lanes .> Lanes(repeating: 0x20)) .| isForbiddenOrReturn(lanes)
        }
    }

    /// The first byte from `start` on that is not white space.
    @inline(__always)
    func endOfSpace(_ start: Int) -> Int {
        var index = start
        while isSpace(peek(index)) { index &+= 1 }
        return index
    }
}

/// XML's white space, production [3] S.
@inline(__always)
func isSpace(_ byte: UInt8) -> Bool {
    byte <= 0x20 && (1 &<< UInt64(byte)) & 0x1_0000_2600 as UInt64 != 0
}

/// Whether a byte certainly is not part of a name, as for ``Slab/endOfName(_:)``.
@inline(__always)
func endsName(_ byte: UInt8) -> Bool {
    byte < 64 && (1 &<< UInt64(byte)) & 0xF000_8001_FFFF_FFFF as UInt64 != 0
}
