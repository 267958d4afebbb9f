import ArgumentParser
import Foundation
import Gateway
import Journal
import SignedPackages

/// Repeats the verdict on a filing of the gateway, as of its time and as of today: `qiao package verify --filing ID`.
struct FilingVerification {
    let options: ConfigurationOptions
    /// The id of the filing, or its first digits.
    let id: String
    let json: Bool

    private struct View: Encodable {
        var filing, source: String
        var repeated: Bool
        var then, today: VerdictView
    }

    /// Prints both verdicts; ends with code 2 when the old one cannot be repeated, or today's is not that it passes.
    ///
    /// - Parameter now: Today, seconds since 1970.
    func run(now: Int64) async throws {
        let settings = try await options.settings()
        let journal = try await options.journal(settings)
        guard let filing = try await journal.filing(startingWith: id) else {
            throw CommandFailure(.rejected, "The journal has no filing that begins with \(id).")
        }
        let date = Date(timeIntervalSince1970: Double(now))
        let result: Reverification?
        do {
            result = try await FilingReverification(journal: journal, settings: settings).run(filing, now: date)
        } catch let error as GatewayError {
            throw CommandFailure(.inputOutput, "\(error)")
        }
        guard let result else {
            throw CommandFailure(
                .rejected, "\(filing.identity.hex) was no signed package, so there is no verdict on it.")
        }
        try print(result, filing)
        guard result.isRepeated, result.today.outcome == .passed else {
            throw ExitCode(Outcome.rejected.rawValue)
        }
    }

    private func print(_ result: Reverification, _ filing: FilingSummary) throws {
        let name = FilingView(filing).name
        guard !json else {
            let view = View(
                filing: filing.identity.hex, source: filing.identity.source, repeated: result.isRepeated,
                then: VerdictView(name, result.then), today: VerdictView(name, result.today))
            return Terminal.print(try JSONOutput.line(view))
        }
        Terminal.print(VerdictText(name, result.then).text)
        Terminal.print(
            result.isRepeated
                ? "The verdict that the filing was committed with is repeated."
                : "This is NOT the verdict that the filing was committed with: the original or the program has changed."
        )
        Terminal.print("\nToday's answer:\n" + VerdictText(name, result.today).text)
    }
}
