import Foundation
import Mappings

extension SettingsCheck {
    /// Inbound folders into which the gateway writes itself, links and `..` resolved. What lies below an inbound folder is left
    /// alone; what lies in it is a filing.
    static func folderProblems(_ settings: Settings, _ tree: MarkedYAML?, _ file: String) -> [MappingProblem] {
        settings.sources.flatMap { source in
            let node = tree?["sources"]?[source.name]
            let inbound = resolved(source.inbound)
            var problems: [MappingProblem] = []
            if isOwn(inbound, settings) {
                problems.append(
                    problem(
                        node?["inbound"], file,
                        "the inbound folder of “\(source.name)” is one of the gateway's own, whose files would be claimed; "
                            + "name another one"))
            }
            // Each receipt would be answered by another one.
            for other in settings.sources where resolved(other.receipts) == inbound {
                let named = tree?["sources"]?[other.name]?["receipts"]
                problems.append(
                    problem(
                        named ?? node?["inbound"], file,
                        "the receipts of “\(other.name)” would be claimed as filings of “\(source.name)”: both are in "
                            + "\(inbound); name another folder, or one below it"))
            }
            return problems
        }
    }

    private static func isOwn(_ inbound: String, _ settings: Settings) -> Bool {
        let state = StateFolder(path: resolved(settings.state))
        if inbound == state.path { return true }
        let own = [state.archive, state.quarantine, state.journal + "-chunks", resolved(settings.mappings)]
        return own.contains { (inbound + "/").hasPrefix($0 + "/") }
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
}
