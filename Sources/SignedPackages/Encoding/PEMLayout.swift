import Findings

/// Where the base64 text of a PEM file (RFC 7468) lies, so that any part of it can be decoded by itself.
struct PEMLayout: Sendable, Hashable {
    /// The label between `BEGIN` and the dashes.
    var label: String
    /// How many bytes the text decodes to.
    var size: Int64
    /// For every ``stride`` decoded bytes, where their first character stands in the file.
    var marks: [Int64]

    /// Decoded bytes between two marks; a multiple of three, so that each mark begins a group of four characters.
    static let stride: Int64 = 48 << 10
    /// How far into a file the `BEGIN` line is looked for.
    static let preamble = 8 << 10

    /// Looks for PEM; nil where there is none.
    ///
    /// Exactly one block is allowed, with nothing but white space behind it.
    static func find(in input: any PackageInput) throws(PackageFault) -> PEMLayout? {
        var head: [UInt8] = []
        do {
            try input.read(at: 0, count: preamble, into: &head)
        } catch {
            throw PackageFault(reading: error)
        }
        guard let (label, start) = begin(in: head) else { return nil }
        var scan = PEMScan(label: label, window: InputWindow(input, capacity: InputWindow.streaming), position: start)
        return try scan.run()
    }

    private static func begin(in head: [UInt8]) -> (label: String, start: Int64)? {
        let marker = Array("-----BEGIN ".utf8)
        // A DER file cannot be mistaken: its first byte is a SEQUENCE, and text comes before nothing.
        guard head.first != DERTag.sequence else { return nil }
        var line = 0
        while line + marker.count < head.count {
            if head[line..<(line + marker.count)].elementsEqual(marker) {
                let rest = head[(line + marker.count)...]
                guard let end = rest.firstIndex(of: 0x0A) ?? rest.firstIndex(of: 0x0D) else { return nil }
                let text = String(decoding: rest[..<end].filter { $0 != 0x0D }, as: UTF8.self)
                    .trimmingTrailingBlanks
                guard text.hasSuffix("-----") else { return nil }
                return (String(text.dropLast(5)), Int64(end + 1))
            }
            guard let next = head[line...].firstIndex(of: 0x0A) else { return nil }
            line = next + 1
        }
        return nil
    }
}

extension String {
    fileprivate var trimmingTrailingBlanks: Substring {
        var text = self[...]
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

// One pass over the text: every character is checked, so that decoding later cannot fail on an unchanged file.
private struct PEMScan {
    let label: String
    var window: InputWindow
    var position: Int64
    private var characters: Int64 = 0
    private var padding: Int64 = 0
    private var lastValue: UInt8 = 0
    private var marks: [Int64] = []

    init(label: String, window: InputWindow, position: Int64) {
        self.label = label
        self.window = window
        self.position = position
    }

    mutating func run() throws(PackageFault) -> PEMLayout {
        while try scanWindow() {}
        guard (characters + padding) % 4 == 0, padding <= 2 else { throw fault("the base64 text is cut short") }
        // RFC 4648 section 3.5: the bits that stand for nothing are zero.
        guard padding == 0 || lastValue & (padding == 1 ? 0x03 : 0x0F) == 0 else {
            throw fault("the base64 text ends in stray bits")
        }
        try checkEnd()
        return PEMLayout(label: label, size: characters * 3 / 4, marks: marks)
    }

    // False when the dashes of the END line were met.
    private mutating func scanWindow() throws(PackageFault) -> Bool {
        guard position < window.input.size else {
            throw PackageFault("package", .structure, .packageTruncated, "the PEM text has no END line")
        }
        let range = try window.range(at: position, atMost: .max)
        let perMark = PEMLayout.stride / 3 * 4
        for index in range {
            let value = Base64.values[Int(window.bytes[index])]
            if value < 64 {
                guard padding == 0 else { throw fault("base64 text behind its padding") }
                if characters % perMark == 0 { marks.append(position + Int64(index - range.lowerBound)) }
                characters += 1
                lastValue = value
            } else if value == Base64.padding {
                padding += 1
            } else if value == Base64.dash {
                position += Int64(index - range.lowerBound)
                return false
            } else if value != Base64.blank {
                throw fault("byte 0x\(hex(window.bytes[index])) in base64 text")
            }
        }
        position += Int64(range.count)
        return true
    }

    private mutating func checkEnd() throws(PackageFault) {
        for expected in "-----END \(label)-----".utf8 {
            guard try window.byte(at: position) == expected else {
                throw fault("the END line does not match the BEGIN line")
            }
            position += 1
        }
        while position < window.input.size {
            guard Base64.values[Int(try window.byte(at: position))] == Base64.blank else {
                throw fault("more text behind the END line, at byte \(position)")
            }
            position += 1
        }
    }

    private func fault(_ detail: String) -> PackageFault {
        PackageFault("package", .structure, .packageMalformed, "PEM: \(detail)")
    }
}
