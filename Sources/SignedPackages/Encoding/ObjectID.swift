/// An ASN.1 object identifier, as its DER content octets.
struct ObjectID: Hashable, Sendable, CustomStringConvertible {
    /// The content octets, without tag and length.
    let bytes: [UInt8]

    /// Takes content octets as they were read; at least one, and the last one ends an arc.
    init(contents: ArraySlice<UInt8>) throws(EncodingFault) {
        guard let last = contents.last, last & 0x80 == 0, contents.count <= Self.longest else {
            throw EncodingFault("an object identifier is empty, cut short or absurdly long")
        }
        bytes = Array(contents)
    }

    /// Encodes arcs. The first is 0, 1 or 2; there are at least two.
    init(_ arcs: UInt64...) {
        var bytes: [UInt8] = []
        for (index, arc) in arcs.enumerated().dropFirst() {
            Self.append(index == 1 ? arcs[0] * 40 + arc : arc, to: &bytes)
        }
        self.bytes = bytes
    }

    private static let longest = 128

    private static func append(_ arc: UInt64, to bytes: inout [UInt8]) {
        var groups: [UInt8] = [UInt8(arc & 0x7F)]
        var rest = arc >> 7
        while rest > 0 {
            groups.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(contentsOf: groups.reversed())
    }

    /// The identifier with its tag and length.
    var der: [UInt8] { DERWriter.value(0x06, bytes) }

    /// Dotted decimal; an arc that does not fit 64 bits shows as `?`.
    var description: String {
        var arcs: [String] = []
        var arc: UInt64 = 0
        var overflow = false
        for byte in bytes {
            overflow = overflow || arc >> 57 != 0
            arc = arc << 7 | UInt64(byte & 0x7F)
            guard byte & 0x80 == 0 else { continue }
            if overflow {
                arcs.append("?")
            } else if arcs.isEmpty {
                let first = min(arc / 40, 2)
                arcs += ["\(first)", "\(arc - first * 40)"]
            } else {
                arcs.append("\(arc)")
            }
            (arc, overflow) = (0, false)
        }
        return arcs.joined(separator: ".")
    }
}
