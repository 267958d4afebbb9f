import ArgumentParser

/// How a command ended, as the exit code that scripts rely on.
enum Outcome: Int32 {
    /// All good.
    case good = 0
    /// Some records were set aside; the rest were converted.
    case someSetAside = 1
    /// The filing was rejected, or a check failed.
    case rejected = 2
    /// The command line makes no sense.
    case usage = 64
    /// A fault of ours.
    case internalFault = 70
    /// Reading or writing failed.
    case inputOutput = 74
    /// Settings or mappings are wrong.
    case configuration = 78

    /// The graver of two, for commands that work on several files.
    func combined(with other: Outcome) -> Outcome {
        rawValue >= other.rawValue ? self : other
    }

    /// Ends the command with this code, unless all is good.
    func end() throws {
        guard self != .good else { return }
        throw ExitCode(rawValue)
    }
}

/// A failure that has been put into words already; `main` prints it and exits with its code.
struct CommandFailure: Error, CustomStringConvertible {
    var outcome: Outcome
    /// What happened, where, and what to do next.
    var message: String

    init(_ outcome: Outcome, _ message: String) {
        self.outcome = outcome
        self.message = message
    }

    var description: String { message }
}
