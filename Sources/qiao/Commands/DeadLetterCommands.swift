import ArgumentParser
import CanonicalRecords
import Foundation
import Gateway
import Journal
import Mappings

struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Lists records that exporters refused for good.",
        discussion: """
            EXAMPLES
              qiao dead-letters
              qiao dead-letters --route province --all --json
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "Only of this route.") var route: String?
    @Flag(help: "Those that have been settled, too.") var all = false
    @Option(parsing: .unconditional, help: "At most so many.") var limit = 50
    @Option(parsing: .unconditional, help: "Goes on behind this number.") var after: Int64 = 0
    @Flag(help: "Prints one JSON object per dead letter.") var json = false

    func validate() throws {
        try RawArguments.demandText(route, for: "The name of the route")
        guard limit > 0 else { throw ValidationError("--limit needs a number from 1 on, not \(limit).") }
    }

    func run() async throws {
        let settings = try await options.settings()
        let journal = try await options.journal(settings)
        let letters = try await journal.deadLetters(
            of: route, state: all ? nil : .open, after: after, limit: limit)
        // One that is not in the settings any more may have refused some before.
        if letters.isEmpty, let route { _ = try settings.route(named: route) }
        if json {
            for letter in letters { Terminal.print(try JSONOutput.line(DeadLetterView(letter))) }
            return
        }
        var table = Table(["NUMBER", "ROUTE", "POSITION", "REFUSED", "STATE", "WHY"])
        for letter in letters {
            table.add([
                "\(letter.number)", letter.route, "\(letter.position)", Moment.text(letter.at), letter.state.rawValue,
                letter.reason,
            ])
        }
        Terminal.print(table.text)
        if letters.count == limit, let last = letters.last {
            Terminal.say("There may be more: --after \(last.number)")
        }
    }
}

struct DeadLetterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letter",
        abstract: "Shows one dead letter with its record; sensitive fields are masked.",
        discussion: """
            EXAMPLES
              qiao dead-letter 3
              qiao dead-letter 3 --record --reveal > record.json
                                           to be mended, for qiao replay --with
            """)

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The number of the dead letter.") var number: Int64
    @Flag(help: "Prints the record alone, as one line of JSON.") var record = false
    @Flag(help: "Shows sensitive fields as they are.") var reveal = false
    @Flag(help: "Prints one JSON object.") var json = false

    func run() async throws {
        let journal = try await options.journal(try await options.settings())
        let letter = try await journal.existingDeadLetter(number)
        let found = try await DeadLetterRecord.find(letter, in: journal)
        let line = try RecordJSON().text(of: found.bytes.span, revealing: reveal)
        if record { return Terminal.print(line) }
        if json { return Terminal.print(try JSONOutput.line(DeadLetterView(letter), with: line, as: "record")) }
        var lines = [
            "dead letter \(letter.number) of route \(letter.route): \(letter.state.rawValue)",
            "refused   \(Moment.text(letter.at)), at position \(letter.position): \(letter.reason)",
        ]
        if let settled = letter.settlementText { lines.append("settled   \(settled)") }
        lines.append("record    \(line)")
        if found.isAsOffered { lines.append("          as it was offered; the journal does not have it any more") }
        Terminal.print(lines.joined(separator: "\n"))
    }
}

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Sends dead letters to their routes again, e.g. after the exporter was mended.",
        discussion: """
            EXAMPLES
              qiao replay 3 4
              qiao replay --route province    all open ones of a route
              qiao replay 3 --with mended.json
            """)

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The numbers of dead letters.") var numbers: [Int64] = []
    @Option(help: "All open ones of this route.") var route: String?
    @Flag(help: "All open ones.") var all = false
    @Option(help: "Sends the record in this file, one JSON object, in the place of the refused one.")
    var with: FileArgument?

    func validate() throws {
        guard [!numbers.isEmpty, route != nil, all].count(where: { $0 }) == 1 else {
            throw ValidationError("Name the numbers of dead letters, or --route, or --all.")
        }
        try RawArguments.demandText(route, for: "The name of the route")
        guard with == nil || numbers.count == 1 else {
            throw ValidationError("--with goes with the number of one dead letter.")
        }
    }

    func run() async throws {
        let settings = try await options.settings()
        let journal = try await options.journal(settings)
        if let route { _ = try settings.route(named: route) }
        let letters = numbers.isEmpty ? try await journal.openDeadLetters(of: route) : try await journal.open(numbers)
        for letter in letters { _ = try settings.route(named: letter.route) }
        let wish: DeadLetterRequest.Wish =
            if let with { .replayMended(try await mended(with, letters[0], journal)) } else { .replay }
        for letter in letters { try DeadLetterRequest(letter.number, wish).leave(in: settings.state) }
        guard !letters.isEmpty else { return Terminal.say("There are no open dead letters.") }
        let when = settings.runningProcess == nil ? "when the gateway is started" : "now"
        let subject = Plural.of(letters.count, "dead letter") + (letters.count == 1 ? " is" : " are")
        Terminal.say("\(subject) sent again \(when), behind what the route has before it.")
    }

    private func mended(_ file: FileArgument, _ letter: DeadLetter, _ journal: Journal) async throws -> [UInt8] {
        let json = try SmallFile.bytes(file)
        let record: [UInt8]
        do {
            record = try RecordJSON().parse(json.span)
        } catch {
            throw CommandFailure(.rejected, "\(file.displayed) is not the JSON of a record: \(error)")
        }
        let refused = try await DeadLetterRecord.find(letter, in: journal)
        guard refused.canGiveWay(to: record) else {
            throw CommandFailure(
                .rejected,
                "\(file.displayed) is another record: the id and the type must be those of dead letter \(letter.number), see "
                    + "`qiao dead-letter \(letter.number) --record --reveal`.")
        }
        if let field = try MaskedField.first(in: record, of: refused.bytes) {
            throw CommandFailure(
                .rejected,
                "\(file.displayed) is masked: \(field) is as `qiao dead-letter` shows it, and not as it is; ask for it with "
                    + "--reveal, and mend that.")
        }
        return record
    }
}

struct DismissCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dismiss",
        abstract: "Lets dead letters go: nobody needs them sent again.",
        discussion: """
            EXAMPLES
              qiao dismiss 3 4
            """)

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The numbers of dead letters.") var numbers: [Int64]

    func run() async throws {
        let settings = try await options.settings()
        let letters = try await options.journal(settings).open(numbers)
        for letter in letters { try DeadLetterRequest(letter.number, .remove).leave(in: settings.state) }
        let when = settings.runningProcess == nil ? "when the gateway is started" : "now"
        Terminal.say("\(Plural.of(letters.count, "dead letter")) settled \(when).")
    }
}

extension Journal {
    fileprivate func existingDeadLetter(_ number: Int64) async throws -> DeadLetter {
        guard let letter = try await deadLetter(number) else {
            throw CommandFailure(.rejected, "There is no dead letter \(number); `qiao dead-letters --all` lists them.")
        }
        return letter
    }

    // All of them, or none where one is not open.
    fileprivate func open(_ numbers: [Int64]) async throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        for number in Set(numbers).sorted() {
            let letter = try await existingDeadLetter(number)
            guard letter.state == .open else {
                throw CommandFailure(
                    .rejected, "Dead letter \(number) has been settled: \(letter.settlementText ?? "").")
            }
            letters.append(letter)
        }
        return letters
    }

    fileprivate func openDeadLetters(of route: String?) async throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        while case let more = try await deadLetters(of: route, after: letters.last?.number ?? 0), !more.isEmpty {
            letters += more
        }
        return letters
    }
}

extension DeadLetter {
    fileprivate var settlementText: String? {
        guard let settledAt else { return nil }
        let what =
            switch state {
            case .open: "open"
            case .replayed: "sent again as position \(settledAs ?? 0)"
            case .superseded: "not sent again, since the record at position \(settledAs ?? 0) is newer"
            case .removed: "let go"
            }
        return "\(what), \(Moment.text(settledAt))"
    }
}

private struct DeadLetterView: Encodable {
    var number, position: Int64
    var route, reason, state: String
    var size: Int
    var refusedAt: Date
    var settledAt: Date?
    var settledAs: Int64?

    init(_ letter: DeadLetter) {
        (number, position, route) = (letter.number, letter.position, letter.route)
        (reason, state, size) = (letter.reason, letter.state.rawValue, letter.size)
        (refusedAt, settledAt, settledAs) = (letter.at, letter.settledAt, letter.settledAs)
    }
}

extension Settings {
    /// A route by its name; a name that is not there ends the command.
    fileprivate func route(named name: String) throws -> RouteSettings {
        if let route = routes.first(where: { $0.name == name }) { return route }
        let hint = Suggestion.nearest(to: name, among: routes.map(\.name)).map { " Did you mean \($0)?" } ?? ""
        throw CommandFailure(.configuration, "There is no route \(name) in the settings.\(hint)")
    }
}
