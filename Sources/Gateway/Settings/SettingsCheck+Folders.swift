import Findings
import Foundation
import Mappings

extension SettingsCheck {
    /// Inbound folders that two sources share, and those into which the gateway writes itself, links and `..` resolved. What
    /// lies below an inbound folder is left alone; what lies in it is a filing.
    static func folderProblems(_ settings: Settings, _ tree: MarkedYAML?, _ file: String) -> [MappingProblem] {
        settings.sources.enumerated().flatMap { index, source in
            let node = tree?["sources"]?[source.name]
            let inbound = resolved(source.inbound)
            var problems: [MappingProblem] = []
            for other in settings.sources[..<index] where overlap(inbound, resolved(other.inbound)) {
                problems.append(
                    problem(
                        node?["inbound"], file,
                        "the inbound folders of “\(source.name)” and “\(other.name)” are the same, or one lies in the other"
                    ))
            }
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

    /// Folders of sources that the gateway could not make, or not write to.
    static func makingProblems(
        _ settings: Settings, _ tree: MarkedYAML?, _ file: String,
        canWrite: (String) -> Bool = FolderProspect.canWrite
    ) -> [MappingProblem] {
        settings.sources.flatMap { source in
            let node = tree?["sources"]?[source.name]
            let folders = [
                (key: "inbound", what: "the inbound folder of “\(source.name)”", path: source.inbound),
                (key: "receipts", what: "the folder for receipts of “\(source.name)”", path: source.receipts),
            ]
            return folders.compactMap { folder in
                let prospect = FolderProspect(of: folder.path, canWrite: canWrite)
                return making(folder.what, folder.path, prospect, node?[folder.key], file)
            }
        }
    }

    private static func making(
        _ what: String, _ path: String, _ prospect: FolderProspect, _ node: MarkedYAML?, _ file: String
    ) -> MappingProblem? {
        switch prospect {
        case .good: return nil
        case .obstructed(let by):
            return problem(
                node, file,
                "\(what) cannot be made: \(by) is there and is no folder; move that away, or name another folder")
        case .closed(let folder):
            // Whoever checks need not be who serves.
            var found = problem(
                node, file,
                "\(what) cannot be \(folder == path ? "written to" : "made"): the user who checks may not write to "
                    + "\(folder); give it to the user of the service, and check as that user")
            found.severity = .warning
            return found
        }
    }

    private static func isOwn(_ inbound: String, _ settings: Settings) -> Bool {
        let state = StateFolder(path: resolved(settings.state))
        if inbound == state.path { return true }
        let own = [state.archive, state.quarantine, state.journal + "-chunks", resolved(settings.mappings)]
        return own.contains { (inbound + "/").hasPrefix($0 + "/") }
    }

    private static func overlap(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left + "/", right + "/")
        return left.hasPrefix(right) || right.hasPrefix(left)
    }

    /// The path with links and `..` resolved as far as it is there.
    static func resolved(_ path: String) -> String {
        var there = URL(fileURLWithPath: path).standardizedFileURL
        var rest: [String] = []
        while there.path != "/", !FileManager.default.fileExists(atPath: there.path) {
            rest.append(there.lastPathComponent)
            there.deleteLastPathComponent()
        }
        let resolved = there.resolvingSymlinksInPath()
        return rest.reversed().reduce(resolved) { $0.appendingPathComponent($1) }.path
    }
}
