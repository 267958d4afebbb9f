public import Inbound

/// Everything an operator can set, checked and with defaults filled in.
///
/// Read by ``SettingsLoader`` from a YAML file, `QIAO_…` environment variables and flags, in ascending order of say.
public struct Settings: Sendable, Hashable {
    /// The folder of the journal, the archive, the quarantine and the identity key.
    public var state: String
    /// The folder of the mappings.
    public var mappings: String
    /// Where the logs go and how much is said.
    public var log = LogSettings()
    /// The limits that every filing is held to.
    public var limits = GatewayLimits()
    /// How long is kept what is no longer needed.
    public var retention = RetentionSettings()
    /// With what receipts are signed; nil leaves them unsigned.
    public var receiptSigning: ReceiptSigning?
    /// The sources, by name, in the order of their names.
    public var sources: [SourceSettings]
    /// The routes, by name, in the order of their names.
    public var routes: [RouteSettings]

    /// Settings with everything but the folders at its default.
    public init(
        state: String, mappings: String, sources: [SourceSettings] = [], routes: [RouteSettings] = []
    ) {
        self.state = state
        self.mappings = mappings
        self.sources = sources
        self.routes = routes
    }
}

/// One upstream system that files documents.
public struct SourceSettings: Sendable, Hashable {
    /// The name, e.g. `yutai-liangzhang`; part of every record's provenance and id.
    public var name: String
    /// The folder that the source drops files into.
    public var inbound: String
    /// How we know that a file is complete.
    public var completion: Completion
    /// The ids of the mappings that its documents may match; empty means any.
    public var mappings: [String]
    /// The folder that its receipts are written to.
    public var receipts: String
    /// The area code of its records, where a record does not carry one (GB/T 2260, GB/T 10114).
    public var areaCode: String?
    /// What is demanded of its signatures.
    public var signature = SignatureSettings()

    /// Describes a source.
    public init(
        name: String, inbound: String, completion: Completion, mappings: [String] = [], receipts: String,
        areaCode: String? = nil
    ) {
        self.name = name
        self.inbound = inbound
        self.completion = completion
        self.mappings = mappings
        self.receipts = receipts
        self.areaCode = areaCode
    }
}

/// Which records an exporter gets, and what is masked on the way.
public struct RouteSettings: Sendable, Hashable {
    /// What happens to a record that the exporter refuses for good.
    public enum Refusal: String, Sendable, Hashable, CaseIterable {
        /// It is kept as a dead letter, and the route goes on.
        case deadLetter = "dead-letter"
        /// The route is parked until someone looks.
        case stop
    }

    /// What a route does with the sensitive fields of its records.
    public enum Sensitive: String, Sendable, Hashable, CaseIterable {
        /// They are masked as the schema says.
        case mask
        /// They are replaced by a keyed hash, so that records can be joined but not read.
        case hash
        /// They are left out.
        case drop
        /// They are sent as they are.
        case reveal
    }

    /// Where a route that has never run begins.
    public enum Beginning: String, Sendable, Hashable, CaseIterable {
        /// With the first record that is still in the journal.
        case beginning
        /// With the next record that is journaled.
        case end
    }

    /// The name, which the cursor is kept under.
    public var name: String
    /// The exporter's program and its arguments.
    public var exporter: [String]
    /// Sources whose records are sent; empty means all.
    public var sources: [String] = []
    /// Record types that are sent, by name; empty means all.
    public var records: [String] = []
    /// What is done with sensitive fields.
    public var sensitive = Sensitive.mask
    /// What is done with what the exporter refuses.
    public var refusal = Refusal.deadLetter
    /// Where a new route begins.
    public var beginning = Beginning.beginning
    /// How many records may be sent without having been acknowledged.
    public var window = 4096
    /// Passed on to the exporter in `Start`.
    public var settings: [String: String] = [:]

    /// Describes a route with defaults.
    public init(name: String, exporter: [String]) {
        self.name = name
        self.exporter = exporter
    }
}

/// Where logs go.
public struct LogSettings: Sendable, Hashable {
    /// How a log line looks.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// `journal` when a service manager reads stderr, `text` otherwise.
        case auto
        /// For people: time, level, message, metadata.
        case text
        /// For systemd's journal: `<level>` prefix, then message and metadata on one line.
        case journal
        /// One JSON object on each line.
        case json
    }

    /// The level from which on lines are written: trace, debug, info, notice, warning, error, critical.
    public var level = "info"
    /// How a line looks.
    public var format = Format.auto

    /// The defaults.
    public init() {}
}

extension Settings {
    /// The path of the journal.
    public var journalPath: String { StateFolder(path: state).journal }
    /// The folder of the originals of accepted filings.
    public var archivePath: String { StateFolder(path: state).archive }
    /// The folder of rejected filings.
    public var quarantinePath: String { StateFolder(path: state).quarantine }
    /// The process id of the gateway that runs on these settings' state folder, or nil when none does.
    public var runningProcess: Int32? { StateLock.owner(of: state) }
}
