public import Findings

/// Places counted the plain way, to hold those of the readers against.
public struct Places {
    private let bytes: [UInt8]

    /// Counts in a document.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The place of the byte at an offset: LF, CRLF and a lone CR end a line, columns count scalars.
    public func place(at offset: Int) -> SourcePlace {
        var place = SourcePlace.start
        for index in 0..<offset {
            let byte = bytes[index]
            if byte == 0x0A {
                place.line += index > 0 && bytes[index - 1] == 0x0D ? 0 : 1
                place.column = 1
            } else if byte == 0x0D {
                place.line += 1
                place.column = 1
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
        }
        place.offset = offset
        return place
    }

    /// Requires a place to lie in the document, and line and column to be those of its offset.
    public func check(_ place: SourcePlace, _ what: @autoclosure () -> String) {
        require(place.offset >= 0 && place.offset <= bytes.count, "\(what()): \(place) is outside the document")
        requireEqual(place, self.place(at: place.offset), what())
    }
}
