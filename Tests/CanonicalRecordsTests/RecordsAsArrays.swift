import CanonicalRecords

// The tests hold records as arrays, and lines as strings.

extension RecordJSON {
    func text(of record: [UInt8], revealing: Bool = false) throws -> String {
        try text(of: record.span, revealing: revealing)
    }

    func parse(_ line: String) throws -> [UInt8] {
        let bytes = Array(line.utf8)
        return try parse(bytes.span)
    }
}

extension RecordMasker {
    func rewrite(_ record: [UInt8]) throws -> [UInt8] {
        try rewrite(record.span)
    }
}

extension RecordSummary {
    init(of record: [UInt8]) throws {
        try self.init(of: record.span)
    }

    func text(_ range: Range<Int>, in record: [UInt8]) -> String {
        text(range, in: record.span)
    }
}
