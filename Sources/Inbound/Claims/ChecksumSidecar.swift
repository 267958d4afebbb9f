import TextEncodings

/// A checksum sidecar in the formats of `sha256sum` and its kin.
///
/// Accepted: `<64 digits>  name`, with `*name` or an escaping backslash, BSD's `SHA256 (name) = <64 digits>` and that of
/// `openssl`, the table of `Get-FileHash`, what `certutil` prints, also as pairs with blanks between, or the digits alone; with a
/// byte order mark, in UTF-16 where that says so, any line ends and either case.
struct ChecksumSidecar: Sendable, Hashable {
    /// Bytes of a sidecar that are looked at.
    static let limit = 64 << 10

    /// The hash that it declares for the file; nil when there is none to be found.
    let declared: FilingHash?

    /// Reads a sidecar of the file called `name`. Of several lines, the one that names the file counts.
    init(_ bytes: [UInt8], of name: FileName) {
        var found: [(hash: FilingHash, line: ArraySlice<UInt8>)] = []
        for line in Self.utf8(bytes).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            if let hash = Self.hash(in: line) { found.append((hash, line)) }
        }
        let named = found.first { Self.names($0.line, name) }
        let only = Set(found.map(\.hash)).count == 1 ? found.first : nil
        declared = (named ?? only)?.hash
    }

    // PowerShell writes what it redirects as UTF-16, with a byte order mark.
    private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        let encoding: TextEncoding
        switch (bytes.first, bytes.dropFirst().first) {
        case (0xFF, 0xFE): encoding = .utf16LittleEndian
        case (0xFE, 0xFF): encoding = .utf16BigEndian
        default: return bytes
        }
        var decoder = TextDecoder(from: encoding)
        var decoded: [UInt8] = []
        decoder.decode(bytes.span, into: &decoded, isLast: true)
        return decoded
    }

    // The first run of exactly 64 hexadecimal digits, or a line of 32 pairs.
    private static func hash(in line: ArraySlice<UInt8>) -> FilingHash? {
        let runs = line.split { FilingHash.value(ofDigit: $0) == nil }
        if runs.count == 32, line.count == 95, runs.allSatisfy({ $0.count == 2 }) {
            return FilingHash(digits: Array(runs.joined()))
        }
        return runs.first { $0.count == 64 }.flatMap { FilingHash(digits: Array($0)) }
    }

    private static func names(_ line: ArraySlice<UInt8>, _ name: FileName) -> Bool {
        func ends(_ line: ArraySlice<UInt8>) -> Bool {
            guard line.count > name.bytes.count, line.suffix(name.bytes.count).elementsEqual(name.bytes) else {
                return false
            }
            let before = line.dropLast(name.bytes.count).last
            return before == 0x20 || before == 0x2A || before == 0x2F || before == 0x5C
        }
        if ends(line) { return true }
        let text = Array(line)
        let ends = [") = ", ")= "].lazy.compactMap { text.firstRange(of: Array($0.utf8)) }
        guard let end = ends.first, let open = text.firstIndex(of: 0x28) else { return false }
        return open < end.lowerBound && text[(open + 1)..<end.lowerBound].elementsEqual(name.bytes)
    }
}

extension Array where Element == UInt8 {
    fileprivate func firstRange(of pattern: [UInt8]) -> Range<Int>? {
        guard count >= pattern.count else { return nil }
        for start in 0...(count - pattern.count) where self[start..<(start + pattern.count)].elementsEqual(pattern) {
            return start..<(start + pattern.count)
        }
        return nil
    }
}
