import Findings
import XMLCoder

// The shape of the XML, element by element. Names, order and meaning are documented in the schema below and must not
// change within the namespace `urn:qiao:receipt:1`; what is new is optional and comes last in its element.
//
//   receipt @xmlns @reached                 R0 … R3: how far the filing came
//     filing, source, file-name, file-name-bytes?, size, received-at        R0 transport
//     duplicate? (received-at, file-name)    the same bytes came again
//     outcome @code (zh, en)
//     signature @verdict                                                     R1 signature
//       signer* @name @verdict @serial @fingerprint @algorithm @signed-at: subject, covers*, check*
//         check @name @verdict @code: detail
//     mapping? @id @version, encoding?                                       R2 structure
//     rows @read @converted @set-aside @skipped                              R3 business
//     records @new @changed @unchanged @deleted (record* @type @number)
//     control-totals (control-total* @declared? @found @agrees @at-least: name)
//     finding-counts @total (finding-count* @code @number)
//     findings (finding* @code @severity @row? @line? @column? @offset?: field?, value?, zh, en)
//     next (step* (zh, en))

struct ReceiptDocument: Codable, DynamicNodeEncoding {
    static let namespace = "urn:qiao:receipt:1"

    var xmlns: String
    var reached: String
    var filing: String
    var source: String
    var fileName: String
    var fileNameBytes: String?
    // Text, so that a form can hold a place for it.
    var size: String
    var receivedAt: String
    var duplicate: DuplicateElement?
    var outcome: OutcomeElement
    var signature: SignatureElement
    var mapping: MappingElement?
    var encoding: String?
    var rows: RowsElement
    var records: RecordsElement
    var controlTotals: ControlTotalsElement
    var findingCounts: FindingCountsElement
    var findings: FindingsElement
    var next: NextElement

    enum CodingKeys: String, CodingKey {
        case xmlns, reached, filing, source
        case fileName = "file-name"
        case fileNameBytes = "file-name-bytes"
        case size
        case receivedAt = "received-at"
        case duplicate, outcome, signature, mapping, encoding, rows, records
        case controlTotals = "control-totals"
        case findingCounts = "finding-counts"
        case findings, next
    }

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        ["xmlns", "reached"].contains(key.stringValue) ? .attribute : .element
    }
}

/// An element with attributes only.
protocol AttributesOnly: Codable, DynamicNodeEncoding {}

extension AttributesOnly {
    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding { .attribute }
}

struct TextElement: Codable {
    var zh: String
    var en: String
}

struct DuplicateElement: Codable {
    var receivedAt: String
    var fileName: String

    enum CodingKeys: String, CodingKey {
        case receivedAt = "received-at"
        case fileName = "file-name"
    }
}

struct OutcomeElement: Codable, DynamicNodeEncoding {
    var code: String
    var zh: String
    var en: String

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        key.stringValue == "code" ? .attribute : .element
    }
}

struct SignatureElement: Codable, DynamicNodeEncoding {
    var verdict: String
    // Receipts of earlier versions have none.
    var signer: [SignerElement]?

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        key.stringValue == "verdict" ? .attribute : .element
    }
}

struct SignerElement: Codable, DynamicNodeEncoding {
    var name: String
    var verdict: String
    var serial: String
    var fingerprint: String
    var algorithm: String
    var signedAt: String
    var subject: String
    var covers: [String]
    var check: [CheckElement]

    enum CodingKeys: String, CodingKey {
        case name, verdict, serial, fingerprint, algorithm
        case signedAt = "signed-at"
        case subject, covers, check
    }

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        ["subject", "covers", "check"].contains(key.stringValue) ? .element : .attribute
    }
}

struct CheckElement: Codable, DynamicNodeEncoding {
    var name: String
    var verdict: String
    var code: String
    var detail: String

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        key.stringValue == "detail" ? .element : .attribute
    }
}

struct MappingElement: AttributesOnly {
    var id: String
    var version: String
}

struct RowsElement: AttributesOnly {
    var read: Int
    var converted: Int
    var setAside: Int
    var skipped: Int

    enum CodingKeys: String, CodingKey {
        case read, converted
        case setAside = "set-aside"
        case skipped
    }
}

struct RecordsElement: Codable, DynamicNodeEncoding {
    var new: Int
    var changed: Int
    var unchanged: Int
    var deleted: Int
    var record: [RecordElement]

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        key.stringValue == "record" ? .element : .attribute
    }
}

struct RecordElement: AttributesOnly {
    var type: String
    var number: Int
}

struct ControlTotalsElement: Codable {
    var total: [ControlTotalElement]

    enum CodingKeys: String, CodingKey { case total = "control-total" }
}

struct ControlTotalElement: Codable, DynamicNodeEncoding {
    var declared: Int?
    var found: Int
    var agrees: Bool
    var atLeast: Bool
    var name: String

    enum CodingKeys: String, CodingKey {
        case declared, found, agrees
        case atLeast = "at-least"
        case name
    }

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        key.stringValue == "name" ? .element : .attribute
    }
}

struct FindingCountsElement: Codable, DynamicNodeEncoding {
    var total: Int
    var count: [FindingCountElement]

    enum CodingKeys: String, CodingKey {
        case total
        case count = "finding-count"
    }

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        key.stringValue == "total" ? .attribute : .element
    }
}

struct FindingCountElement: AttributesOnly {
    var code: String
    var number: Int
}

struct FindingsElement: Codable {
    var finding: [FindingElement]
}

struct FindingElement: Codable, DynamicNodeEncoding {
    var code: String
    var severity: String
    var row: Int?
    var line: Int?
    var column: Int?
    var offset: Int?
    var field: String?
    var value: String?
    var zh: String
    var en: String

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
        ["field", "value", "zh", "en"].contains(key.stringValue) ? .element : .attribute
    }
}

struct NextElement: Codable {
    var step: [TextElement]
}
