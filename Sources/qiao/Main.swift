import ArgumentParser
import Foundation
import Gateway
import Inbound
import Journal
import SignedPackages

@main
enum Main {
    static func main() async {
        Allocator.prepare()
        do {
            var command = try Qiao.parseAsRoot()
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
            end("\(error)", error.code == .misuse ? .internalFault : .inputOutput)
        } catch let error as InboundError {
            end("\(error)", .inputOutput)
        } catch let error as PackageError {
            end("\(error)", Outcome(error))
        } catch {
            Qiao.exit(withError: error)
        }
    }

    private static func end(_ message: String, _ outcome: Outcome) -> Never {
        Terminal.say(Terminal.coloured("error", .red) + ": \(message)")
        exit(outcome.rawValue)
    }
}
