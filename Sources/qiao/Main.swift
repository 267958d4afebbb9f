import ArgumentParser
import Foundation
import Gateway
import Inbound
import Journal
import SignedPackages

@main
enum Main {
    static func main() async {
        SystemFile.holdStandardStreams()
        Allocator.prepare()
        do {
            var command = try Qiao.parseAsRoot(RawArguments.texts())
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            end(failure.message, failure.outcome)
        } catch let error as GatewayError {
            end("\(error)", error.code == .configuration ? .configuration : .inputOutput)
        } catch let error as JournalError {
            end("\(error)", Outcome(error))
        } catch let error as InboundError {
            end("\(error)", .inputOutput)
        } catch let error as PackageError {
            end("\(error)", Outcome(error))
        } catch {
            end(error)
        }
    }

    // What the parser of the command line has to say: help, or what is wrong with it.
    private static func end(_ error: any Error) -> Never {
        let code = Qiao.exitCode(for: error)
        let text = RawArguments.displayed(Qiao.fullMessage(for: error))
        if !text.isEmpty { code.isSuccess ? Terminal.print(text) : Terminal.say(text) }
        exit(code.rawValue)
    }

    private static func end(_ message: String, _ outcome: Outcome) -> Never {
        Terminal.say(Terminal.coloured("error", .red) + ": \(message)")
        exit(outcome.rawValue)
    }
}

extension Outcome {
    /// What a failure with the journal means to a script.
    fileprivate init(_ error: JournalError) {
        switch error.code {
        case .misuse: self = .internalFault
        // Too few digits of an id were given.
        case .ambiguous: self = .usage
        default: self = .inputOutput
        }
    }
}
