import CanonicalRecords

/// What a draft says, before it is written.
struct DraftPlan {
    var entries: [EntryGuess]
    /// Types that fit less well, the best first, with their scores.
    var others: [(type: String, score: Double)]
    /// Whether the type was asked for.
    var isWanted: Bool
    /// Columns that no field takes, with the reason.
    var unused: [(column: Int, reason: String)]
    /// Columns that are filled down, with the reason.
    var filledDown: [(column: Int, reason: String)]
    /// The columns, or values of each record.
    var columns: [SampleColumn]
    var rows: Int
}

/// A record type with the fields that are filled.
struct EntryGuess {
    var type: RecordType
    var fields: [FieldGuess]
    var lists: [ListGuess] = []
    var key: KeyGuess?
    var score = 0.0

    /// The columns that a field takes as they are.
    var columns: [Int] { fields.compactMap(\.column) }
}

/// A field, where its value comes from, and why.
struct FieldGuess {
    enum Source {
        case column(Int)
        /// Several columns, one text.
        case join([Int])
        /// The id of the record that another entry gives.
        case keyOf(String)
        /// The id of a record of another filing, by a field of its key.
        case keyOfOther(String, by: String, column: Int)
    }

    var target: FieldTarget
    var source: Source
    /// Looked up in this code table first.
    var table: String?
    /// `万元`, where the column's name says so.
    var unit: String?
    /// What stands between the values of a list.
    var separators: [String] = []
    var match: NameMatch = .none
    var fit: ValueFit?
    var reason: String
    var score = 0.0

    var column: Int? {
        if case .column(let column) = source { column } else { nil }
    }
}

/// A list of structures, one for each of the elements that a record has several of.
struct ListGuess {
    var field: RecordField
    var list: FilingSample.List
    var fields: [FieldGuess]
    var reason: String
}

/// What tells one record from another.
struct KeyGuess {
    var fields: [String]
    var reason: String
}
