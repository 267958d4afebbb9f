import Findings

@testable import SignedPackages

/// Builds ZIP files byte by byte, as broken as a test wants them.
struct TestZip {
    /// One header; every field can be set apart from what is true.
    struct Header {
        var name: [UInt8]
        var flags = 0
        var method = 0
        var crc: UInt32
        var packed: UInt64
        var size: UInt64
        var extra: [UInt8] = []
    }

    /// One entry.
    struct Entry {
        var local: Header
        var central: Header
        var data: [UInt8]
        var creator = 3
        var attributes: UInt32 = 0o100644 << 16
        /// Bytes behind the data: a descriptor, or what belongs to nothing.
        var trailer: [UInt8] = []
        /// Replaces the true offset in the central directory.
        var offset: UInt64?
        var disk = 0

        init(_ name: String, _ content: String = "content", deflated: Bool = false) {
            self.init(name, Array(content.utf8), deflated: deflated)
        }

        init(_ name: String, _ content: [UInt8], deflated: Bool = false) {
            var sum = CRC32()
            sum.update(content.span)
            data = deflated ? Self.deflate(content) : content
            local = Header(
                name: Array(name.utf8), method: deflated ? 8 : 0, crc: sum.value, packed: UInt64(data.count),
                size: UInt64(content.count))
            central = local
        }

        /// Changes both headers alike.
        mutating func both(_ change: (inout Header) -> Void) {
            change(&local)
            change(&central)
        }

        // Deflate's blocks without compression (RFC 1951 section 3.2.4).
        private static func deflate(_ content: [UInt8]) -> [UInt8] {
            var bytes: [UInt8] = []
            var rest = content[...]
            repeat {
                let block = rest.prefix(65535)
                rest = rest.dropFirst(block.count)
                let count = UInt16(block.count)
                bytes += [rest.isEmpty ? 1 : 0] + little(UInt64(count), 2) + little(UInt64(~count), 2) + block
            } while !rest.isEmpty
            return bytes
        }
    }

    var entries: [Entry]
    var prefix: [UInt8] = []
    var beforeDirectory: [UInt8] = []
    var afterDirectory: [UInt8] = []
    var comment: [UInt8] = []
    var afterEnd: [UInt8] = []
    /// Replaces the true count of entries.
    var count: Int?
    /// The indices of the entries in the order of the central directory; nil lists all as they lie.
    var listed: [Int]?

    init(_ entries: Entry...) {
        self.entries = entries
    }

    var bytes: [UInt8] {
        var bytes = prefix
        var offsets: [UInt64] = []
        for entry in entries {
            offsets.append(UInt64(bytes.count))
            bytes += little(0x0403_4B50, 4) + Self.common(entry.local) + entry.local.name + entry.local.extra
            bytes += entry.data + entry.trailer
        }
        bytes += beforeDirectory
        let start = bytes.count
        let order = listed ?? Array(entries.indices)
        for index in order {
            let entry = entries[index]
            bytes += little(0x0201_4B50, 4) + [45, UInt8(entry.creator)] + Self.common(entry.central)
            bytes += [0, 0] + little(UInt64(entry.disk), 2) + [0, 0] + little(UInt64(entry.attributes), 4)
            bytes += little(entry.offset ?? offsets[index], 4) + entry.central.name + entry.central.extra
        }
        let size = bytes.count - start
        bytes += afterDirectory
        bytes += little(0x0605_4B50, 4) + [0, 0, 0, 0]
        bytes += little(UInt64(count ?? order.count), 2) + little(UInt64(count ?? order.count), 2)
        bytes += little(UInt64(size), 4) + little(UInt64(start), 4) + little(UInt64(comment.count), 2) + comment
        return bytes + afterEnd
    }

    private static func common(_ header: Header) -> [UInt8] {
        little(20, 2) + little(UInt64(header.flags), 2) + little(UInt64(header.method), 2) + [0, 0, 0x21, 0]
            + little(UInt64(header.crc), 4) + little(header.packed, 4) + little(header.size, 4)
            + little(UInt64(header.name.count), 2) + little(UInt64(header.extra.count), 2)
    }
}

/// A number, its least byte first.
func little(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
}

/// The codes of what is wrong with a ZIP file; empty when its headers are good.
func zipFaults(_ bytes: [UInt8], limits: PackageLimits = PackageLimits()) -> [String] {
    do {
        return try ZipSurvey(BytesInput(bytes), limits: limits).faults.map { $0.kind?.code ?? "no code" }
    } catch {
        return [error.reading == nil ? error.check.kind?.code ?? "no code" : "reading"]
    }
}

/// The content of every entry, by its name.
func zipContents(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
    let survey = try ZipSurvey(BytesInput(bytes), limits: PackageLimits())
    guard survey.faults.isEmpty else { throw PackageFault(survey.faults[0]) }
    let container = ZipContainer(survey, of: BytesInput(bytes))
    var contents: [String: [UInt8]] = [:]
    for index in container.entries.indices {
        contents[container.entries[index].name] = try container.content(of: index, limit: 1 << 30)
    }
    return contents
}
