/// How a field is framed on the wire.
public enum WireType: UInt8, Sendable, Hashable {
    /// A varint of up to ten bytes.
    case varint = 0
    /// Eight bytes, little-endian.
    case fixed64 = 1
    /// A varint length and that many bytes.
    case lengthDelimited = 2
    /// The start of a group; records have none.
    case startGroup = 3
    /// The end of a group.
    case endGroup = 4
    /// Four bytes, little-endian.
    case fixed32 = 5
}
