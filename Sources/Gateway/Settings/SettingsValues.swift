import Configuration
import Inbound
import Mappings

/// Turns configuration values into settings; what cannot be turned is a problem at the place it was written.
struct SettingsValues {
    private let reader: ConfigReader
    private let tree: MarkedYAML
    private let overrides: [String: String]
    private(set) var problems: [MappingProblem] = []

    /// Prepares to turn what `reader` gives; `overrides` says by key what gave a value in the place of the file.
    init(reader: ConfigReader, tree: MarkedYAML, overrides: [String: String]) {
        self.reader = reader
        self.tree = tree
        self.overrides = overrides
    }

    mutating func settings(_ outline: SettingsOutline) -> Settings {
        let state = folder(["state"], default: nil)
        var settings = Settings(state: state, mappings: folder(["mappings"], default: "/etc/qiao/mappings"))
        settings.log.level =
            word(
                ["log", "level"], of: ["trace", "debug", "info", "notice", "warning", "error", "critical"]) ?? "info"
        settings.log.format = choice(["log", "format"]) ?? .auto
        settings.limits = limits()
        settings.retention = retention()
        settings.receiptSigning = receiptSigning()
        settings.sources = outline.sources.map { source($0, state: state) }
        settings.routes = outline.routes.map { route($0, outline) }
        checkReferences(settings)
        return settings
    }

    private mutating func limits() -> GatewayLimits {
        var limits = GatewayLimits()
        bytes(["limits", "filing-size"], &limits.filingSize)
        bytes(["limits", "record-size"], &limits.recordSize)
        bytes(["limits", "field-size"], &limits.fieldSize)
        count(["limits", "csv-columns"], &limits.csvColumns)
        count(["limits", "xml-depth"], &limits.xmlDepth)
        count(["limits", "xml-attributes"], &limits.xmlAttributes)
        count(["limits", "findings"], &limits.findings)
        bytes(["limits", "free-space"], &limits.freeSpace)
        count(["limits", "backlog"], &limits.backlog)
        limits.package = packageLimits()
        return limits
    }

    private mutating func retention() -> RetentionSettings {
        var retention = RetentionSettings()
        retention.records = period(["retention", "records"])
        retention.archive = period(["retention", "archive"])
        retention.quarantine = period(["retention", "quarantine"])
        return retention
    }

    private mutating func period(_ key: [String]) -> Duration? {
        guard let text = text(key), text != RetentionSettings.forever else { return nil }
        // Who writes 6m means months, and would lose after minutes what nobody else has.
        let isInMinutes = text.hasSuffix("m")
        if let period = SettingsText.duration(text), period > .zero, !isInMinutes { return period }
        report(
            key,
            "“\(key.last ?? "")” must be “\(RetentionSettings.forever)” or a duration above 0 such as 12h or 90d, not “\(text)”"
                + (isInMinutes ? ": m is for minutes; write months in days" : ""))
        return nil
    }

    private mutating func source(_ name: String, state: String) -> SourceSettings {
        let key = ["sources", name]
        var source = SourceSettings(
            name: name,
            inbound: folder(key + ["inbound"], default: state + "/inbound/" + name),
            completion: completion(key),
            mappings: list(key + ["mappings"]),
            receipts: folder(key + ["receipts"], default: state + "/receipts/" + name),
            areaCode: areaCode(key + ["area-code"]))
        source.signature = signature(key)
        return source
    }

    private mutating func completion(_ key: [String]) -> Completion {
        let word = word(key + ["completion"], of: ["close-write", "rename", "marker", "stable"])
        let period = text(key + ["stable-for"])
        guard let duration = SettingsText.duration(period ?? "10s") else {
            report(
                key + ["stable-for"], "“stable-for” must be a duration such as 500ms, 10s or 2m, not “\(period ?? "")”")
            return .closeWrite
        }
        switch word {
        case "rename": return .rename
        case "marker": return .marker()
        case "stable": return .stable(period: duration)
        default: return .closeWrite
        }
    }

    private mutating func areaCode(_ key: [String]) -> String? {
        guard let code = text(key) else { return nil }
        guard [6, 9, 12].contains(code.count), code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            report(key, "“area-code” must be 6, 9 or 12 digits, in quotes (GB/T 2260, GB/T 10114), not “\(code)”")
            return nil
        }
        return code
    }

    private mutating func route(_ name: String, _ outline: SettingsOutline) -> RouteSettings {
        let key = ["routes", name]
        var route = RouteSettings(name: name, exporter: list(key + ["exporter"]))
        if route.exporter.isEmpty {
            report(
                key,
                "route “\(name)” needs “exporter”: the program and its arguments, e.g. [qiao-export-jsonl, --output, F]"
            )
        }
        route.sources = list(key + ["sources"])
        route.records = list(key + ["records"])
        route.sensitive = choice(key + ["sensitive"]) ?? .mask
        route.refusal = choice(key + ["on-reject"]) ?? .deadLetter
        route.beginning = choice(key + ["start"]) ?? .beginning
        count(key + ["window"], &route.window)
        for passed in outline.passedOn[name] ?? [] {
            route.settings[passed] = text(key + ["settings", passed])
        }
        return route
    }
}

// MARK: - Checks across settings

extension SettingsValues {
    private mutating func checkReferences(_ settings: Settings) {
        let names = settings.sources.map(\.name)
        for route in settings.routes {
            for source in route.sources where !names.contains(source) {
                report(
                    ["routes", route.name, "sources"],
                    "route “\(route.name)” names the source “\(source)”, which does not exist",
                    suggestion: Suggestion.nearest(to: source, among: names))
            }
        }
    }
}

// MARK: - Single values

extension SettingsValues {
    func text(_ key: [String]) -> String? {
        reader.string(forKey: ConfigKey(key))
    }

    func list(_ key: [String]) -> [String] {
        if let values = reader.stringArray(forKey: ConfigKey(key)) { return values }
        return text(key).map { [$0] } ?? []
    }

    private mutating func folder(_ key: [String], default fallback: String?) -> String {
        guard var path = text(key) ?? fallback else {
            report([], "the settings need “\(key.joined(separator: "."))”")
            return "/"
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if !path.hasPrefix("/") {
            report(
                key,
                "“\(key.last ?? "")” must be an absolute path, not “\(path)”: a service has no working folder of yours")
        }
        return path
    }

    private mutating func word(_ key: [String], of words: [String]) -> String? {
        guard let word = text(key) else { return nil }
        guard words.contains(word) else {
            report(
                key, "“\(key.last ?? "")” must be one of \(words.joined(separator: ", ")), not “\(word)”",
                suggestion: Suggestion.nearest(to: word, among: words))
            return nil
        }
        return word
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: [String]) -> Choice? {
        word(key, of: Choice.allCases.map(\.rawValue)).flatMap(Choice.init)
    }

    mutating func bytes<Number: FixedWidthInteger>(_ key: [String], _ value: inout Number) {
        guard let text = text(key) else { return }
        guard let number = SettingsText.bytes(text).flatMap(Number.init(exactly:)), number > 0 else {
            report(key, "“\(key.last ?? "")” must be a number of bytes such as 65536, 512KiB or 4GiB, not “\(text)”")
            return
        }
        value = number
    }

    mutating func count<Number: FixedWidthInteger>(_ key: [String], _ value: inout Number) {
        guard let text = text(key) else { return }
        guard let number = Number(text), number > 0 else {
            report(key, "“\(key.last ?? "")” must be a whole number above 0, not “\(text)”")
            return
        }
        value = number
    }

    // The place in the file, or of the nearest parent that is there; what came by a variable or a flag has no line, and is
    // told under its name.
    mutating func report(_ key: [String], _ message: String, suggestion: String? = nil) {
        if let override = overrides[key.joined(separator: ".")] {
            problems.append(MappingProblem(file: override, message: message, suggestion: suggestion))
            return
        }
        var node = tree
        for part in key {
            guard let next = node[part] else { break }
            node = next
        }
        problems.append(MappingProblem(at: node, message, suggestion: suggestion))
    }
}
