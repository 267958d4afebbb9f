import CSVRosters
import Findings

/// A roster read to its end, with everything the reader told.
struct ReadRoster: Equatable {
    struct Row: Equatable {
        var cells: [String]
        var quoted: [Bool]
        var place: SourcePlace
        var fieldPlaces: [SourcePlace]
        var isBlank: Bool
    }

    var rows: [Row] = []
    var findings: [Finding] = []
    var refusal: Finding?
    var dialect: CSVDialect?

    var cells: [[String]] { rows.map(\.cells) }

    /// `code@line:column` of each finding.
    var told: [String] { findings.map { "\($0.code)@\($0.place?.description ?? "-")" } }

    init(_ pieces: [[UInt8]], dialect: CSVDialect? = nil, limits: CSVLimits = CSVLimits()) {
        var reader = CSVReader(dialect: dialect, limits: limits)
        var rest = pieces[...]
        while true {
            switch reader.next() {
            case .needsInput:
                if let piece = rest.popFirst() { reader.append(piece.span) } else { reader.endInput() }
            case .row:
                rows.append(Self.row(of: reader))
                findings += reader.takeFindings()
            case .endOfDocument:
                findings += reader.takeFindings()
                self.dialect = reader.dialect
                return
            case .refused(let finding):
                findings += reader.takeFindings()
                refusal = finding
                self.dialect = reader.dialect
                return
            }
        }
    }

    init(_ text: String, dialect: CSVDialect? = .comma, limits: CSVLimits = CSVLimits()) {
        self.init([Array(text.utf8)], dialect: dialect, limits: limits)
    }

    private static func row(of reader: borrowing CSVReader) -> Row {
        var row = Row(
            cells: reader.strings(), quoted: [], place: reader.place, fieldPlaces: [], isBlank: reader.isBlank)
        for index in 0..<reader.fieldCount {
            row.quoted.append(reader.wasQuoted(index))
            row.fieldPlaces.append(reader.place(ofField: index))
        }
        return row
    }
}
