/// One folder that a source files into, and how to know that a file in it is complete.
public struct InboundFolder: Sendable, Hashable {
    /// The source that everything in this folder comes from, e.g. `yutai-liangzhang`.
    public var source: String
    /// The absolute path of the folder.
    public var path: String
    /// How a complete file is told from one that is still on its way.
    public var completion: Completion
    /// Which names are nobody's filing.
    public var ignoring: IgnoredNames
    /// Where claimed files wait, on the same file system; nil means `.qiao/work` inside the folder.
    public var workPath: String?
    /// How long to wait for what.
    public var pacing: Pacing
    /// How documents and their detached signatures find each other; nil takes every file by itself.
    public var pairing: Pairing?
    /// Whether the process before this one crashed by itself. Then a claim that it converted alone is the cause; if it was
    /// killed from outside, the claim is given a few more tries.
    public var lastRunCrashed = true

    /// Describes a folder.
    public init(
        source: String,
        path: String,
        completion: Completion = .closeWrite,
        ignoring: IgnoredNames = .usual,
        workPath: String? = nil,
        pacing: Pacing = Pacing()
    ) {
        self.source = source
        self.path = path
        self.completion = completion
        self.ignoring = ignoring
        self.workPath = workPath
        self.pacing = pacing
    }
}

/// How a complete file is told from one that is still on its way.
public enum Completion: Sendable, Hashable {
    /// The writer closed the file, or a finished file was moved in. For local disks, SFTP and Samba servers on this machine.
    case closeWrite
    /// The writer uses a temporary name (`.part`, `.tmp`) and renames: a name that is not ignored is complete.
    case rename
    /// A second file says so: `x.csv` is complete when `x.csv` + one of the suffixes is there.
    ///
    /// A marker that ends in `.sha256` is a checksum sidecar in the format of `sha256sum`: the file is held against it
    /// when it is inspected. MD5 sidecars prove nothing any more and are not accepted.
    case marker(suffixes: [String] = Completion.usualMarkers)
    /// Size and times did not change for `period`, counted from our own first sighting, never from the file's age.
    /// The polling way, for network file systems on which nobody tells us of changes.
    case stable(period: Duration = .seconds(10), polling: Duration = .seconds(1))

    /// `.done`, `.ok` and `.sha256`.
    public static let usualMarkers = [".done", ".ok", ".sha256"]
}

/// How a document and the detached signature beside it, `x.csv` and `x.csv.p7s`, find each other.
///
/// They are claimed together as one filing, whichever came first.
public struct Pairing: Sendable, Hashable {
    /// How long one waits for the other before it is taken alone.
    public var wait: Duration
    /// Whether a document waits although no signature was seen yet. Names of packages that hold their signature inside
    /// never do.
    public var isExpected: Bool

    /// The endings of detached signatures.
    public static let signatureSuffixes = [".p7s", ".sig"]
    /// The endings of packages that hold their signature inside, and of bundles of certificates.
    public static let packageSuffixes = [
        ".p7m", ".p7", ".asice", ".sce", ".asics", ".scs", ".p7b", ".p7c",
    ]

    /// Sets the rules.
    public init(wait: Duration = .seconds(60), isExpected: Bool = false) {
        self.wait = wait
        self.isExpected = isExpected
    }

    /// The name of the document that a signature of that name is for; nil when it is not the name of a signature.
    static func document(ofSignature name: FileName) -> FileName? {
        guard let suffix = signatureSuffixes.first(where: { name.hasSuffix($0) }) else { return nil }
        return name.dropping(suffixOf: suffix.utf8.count)
    }

    /// The names that the signature of a document can have.
    static func signatures(ofDocument name: FileName) -> [FileName] {
        signatureSuffixes.flatMap { [name.appending($0), name.appending($0.uppercased())] }
    }

    static func isSignature(suffix: String) -> Bool { signatureSuffixes.contains(suffix.lowercased()) }
}

/// How long the intake of a folder waits for what.
public struct Pacing: Sendable, Hashable {
    /// How often the folder is looked through although nothing was heard, in case something was missed.
    public var rescan: Duration
    /// How long before a folder that could not be read, or a full disk, is tried again.
    public var retry: Duration
    /// How long before a claim that could not be moved to where it belongs is taken up again.
    public var revisit: Duration
    /// How often a file that still has a writer is looked at although its close was not heard.
    public var probe: Duration
    /// How long a file must stay unchanged where nobody can say whether it still has a writer: longer than an upload pauses.
    public var unproven: Duration
    /// How long a file without a byte is left to be filled: many clients make it, close it, and open it again.
    public var empty: Duration
    /// How many names of one folder are remembered at once; what is more waits in the folder.
    public var capacity: Int

    /// Sets the paces; the defaults suit local disks.
    public init(
        rescan: Duration = .seconds(60),
        retry: Duration = .seconds(5),
        revisit: Duration = .seconds(60),
        probe: Duration = .seconds(5),
        unproven: Duration = .seconds(60),
        empty: Duration = .seconds(10),
        capacity: Int = 8192
    ) {
        self.rescan = rescan
        self.retry = retry
        self.revisit = revisit
        self.probe = probe
        self.unproven = unproven
        self.empty = empty
        self.capacity = max(16, capacity)
    }
}
