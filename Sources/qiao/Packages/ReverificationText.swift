import SignedPackages

/// An old verdict repeated, and today's, for people.
struct ReverificationText {
    private let filing: FilingView
    private let found: Reverification

    init(_ filing: FilingView, _ found: Reverification) {
        self.filing = filing
        self.found = found
    }

    var text: String {
        let name = "\(filing.name), filing \(filing.id.prefix(12)) of \(filing.source)"
        let repeated =
            found.isRepeated
            ? Terminal.coloured("REPEATED 结论与当时一致", .green, on: .output)
            : Terminal.coloured("NOT REPEATED 结论与当时不一致", .red, on: .output)
                + ": compare the original in the archive with a backup"
        return """
            THEN 当时
            \(VerdictText(name, found.then).text)
            \(repeated)

            TODAY 今天
            \(VerdictText(name, found.today).text)
            """
    }
}

/// The same for machines.
struct ReverificationView: Encodable {
    var filing: String
    var source: String
    var isRepeated: Bool
    var then: VerdictView
    var today: VerdictView

    init(_ filing: FilingView, _ found: Reverification) {
        self.filing = filing.id
        source = filing.source
        isRepeated = found.isRepeated
        then = VerdictView(filing.name, found.then)
        today = VerdictView(filing.name, found.today)
    }
}
