import Mappings

/// Which sources and routes a settings file declares, and every key that nothing reads.
struct SettingsOutline {
    static let top = ["state", "mappings"]
    static let log = ["level", "format"]
    static let limits = [
        "filing-size", "record-size", "field-size", "csv-columns", "xml-depth", "xml-attributes", "findings",
        "free-space", "backlog", "package-entries", "package-signatures", "package-certificates", "package-nesting",
        "package-expansion", "package-manifest-size", "package-signature-size", "package-document-size",
        "package-expanded-size",
    ]
    static let retention = ["records", "archive", "quarantine"]
    static let receipts = ["sign-with", "certificate"]
    static let source = [
        "inbound", "completion", "stable-for", "mappings", "receipts", "area-code", "signature", "trust", "crls",
        "ocsp", "signatures", "validity", "revocation", "crl-max-age", "pair-wait",
    ]
    /// The keys of a source that have keys of their own.
    static let sourceSections = [
        (key: "signers", keys: ["pinned", "subjects", "organisation-codes"]),
        (key: "signing-time", keys: ["max-age", "future-tolerance", "outside", "missing"]),
    ]
    static let route = ["exporter", "sources", "records", "sensitive", "on-reject", "start", "window"]

    private static let lists: Set = [
        "mappings", "exporter", "sources", "records", "trust", "crls", "ocsp", "pinned", "subjects",
        "organisation-codes",
    ]

    /// Whether a key of a source or a route holds a list; what is passed on to an exporter never does.
    static func isList(_ key: [String]) -> Bool {
        key.count > 2 && key[2] != "settings" && lists.contains(key[key.count - 1])
    }

    private(set) var sources: [String] = []
    private(set) var routes: [String] = []
    /// For each route, the keys that are passed on to its exporter.
    private(set) var passedOn: [String: [String]] = [:]
    private(set) var problems: [MappingProblem] = []

    init(checking tree: MarkedYAML) {
        var checker = KeyChecker(tree, noun: "the settings")
        for key in Self.top { _ = checker.text(key) }
        section(&checker, "log", Self.log)
        section(&checker, "limits", Self.limits)
        section(&checker, "retention", Self.retention)
        section(&checker, "receipts", Self.receipts)
        for (name, node) in Self.named(&checker, "sources") {
            sources.append(name)
            checkSource(name, node)
        }
        for (name, node) in Self.named(&checker, "routes") {
            routes.append(name)
            checkRoute(name, node)
        }
        problems += checker.finish()
    }

    /// Every dotted key that can be set, for the names of environment variables.
    var keys: [String] {
        Self.top + Self.log.map { "log." + $0 } + Self.limits.map { "limits." + $0 }
            + Self.retention.map { "retention." + $0 } + Self.receipts.map { "receipts." + $0 }
            + sources.flatMap { name in
                Self.source.map { "sources.\(name).\($0)" }
                    + Self.sourceSections.flatMap { section in
                        section.keys.map { "sources.\(name).\(section.key).\($0)" }
                    }
            }
            + routes.flatMap { name in
                Self.route.map { "routes.\(name).\($0)" }
                    + (passedOn[name] ?? []).map { "routes.\(name).settings.\($0)" }
            }
    }

    private mutating func section(_ checker: inout KeyChecker, _ key: String, _ keys: [String]) {
        guard let node = checker.optional(key) else { return }
        check(node, "“\(key)”", keys)
    }

    private mutating func check(_ node: MarkedYAML, _ noun: String, _ keys: [String]) {
        var checker = KeyChecker(node, noun: noun)
        for key in keys { Self.ask(&checker, for: key) }
        problems += checker.finish()
    }

    // What has the wrong shape would otherwise be taken for something that is not set.
    private static func ask(_ checker: inout KeyChecker, for key: String) {
        if lists.contains(key) { _ = checker.texts(key) } else { _ = checker.text(key) }
    }

    private mutating func checkSource(_ name: String, _ node: MarkedYAML) {
        var source = KeyChecker(node, noun: "source “\(name)”")
        for key in Self.source { Self.ask(&source, for: key) }
        for section in Self.sourceSections {
            guard let node = source.optional(section.key) else { continue }
            check(node, "“\(section.key)” of source “\(name)”", section.keys)
        }
        problems += source.finish()
    }

    private mutating func checkRoute(_ name: String, _ node: MarkedYAML) {
        var route = KeyChecker(node, noun: "route “\(name)”")
        for key in Self.route { Self.ask(&route, for: key) }
        if let settings = route.optional("settings") {
            passedOn[name] = settings.pairs?.compactMap(\.key.text) ?? []
            check(settings, "the settings of route “\(name)”", passedOn[name] ?? [])
        }
        problems += route.finish()
    }

    private static func named(_ checker: inout KeyChecker, _ key: String) -> [(name: String, node: MarkedYAML)] {
        guard let node = checker.optional(key) else { return [] }
        guard let pairs = node.pairs else {
            checker.report(node, "“\(key)” must be a mapping of names to settings, not \(node.kindName)")
            return []
        }
        var named: [(name: String, node: MarkedYAML)] = []
        for pair in pairs {
            guard let name = pair.key.text else {
                checker.report(
                    pair.key,
                    "a name under “\(key)” must be a text, and YAML takes this for \(pair.key.kindName); put it in quotes"
                )
                continue
            }
            guard isName(name) else {
                checker.report(pair.key, "a name under “\(key)” is made of a–z, 0–9 and hyphens")
                continue
            }
            named.append((name, pair.value))
        }
        return named.sorted { $0.name < $1.name }
    }

    // Names become folders, and parts of environment variables and of record ids.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.count <= 64 && !name.hasPrefix("-")
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}
