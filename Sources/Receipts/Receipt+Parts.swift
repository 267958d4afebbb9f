public import Findings

extension Receipt {
    /// The same bytes came again.
    public struct Duplicate: Sendable, Hashable {
        /// When they came this time, a date-time of RFC 3339.
        public var receivedAt: String
        /// Their name this time, shown safely.
        public var fileName: String

        /// Names the second filing.
        public init(receivedAt: String, fileName: String) {
            self.receivedAt = receivedAt
            self.fileName = fileName
        }
    }

    /// What the signature of a filing showed.
    public enum Signature: String, Sendable, Hashable, CaseIterable {
        /// It carries none and needs none.
        case notSigned = "not-signed"
        /// It is valid, and the signer may file for the source.
        case passed
        /// It is not.
        case failed
        /// It could not be decided.
        case indeterminate
    }

    /// Who signed a filing, and what became of the signature.
    public struct Signer: Sendable, Hashable {
        /// Which signature it is, e.g. `signature 1`; `package` for what concerns the package as a whole.
        public var name: String
        /// What the signature showed.
        public var verdict: Signature
        /// The subject of the signer's certificate; empty when it is not there.
        public var subject: String
        /// The serial number of the certificate, hexadecimal.
        public var serial: String
        /// SHA-256 of the certificate, hexadecimal.
        public var fingerprint: String
        /// How it was signed, e.g. `SM2 with SM3`.
        public var algorithm: String
        /// The signing time that the signer claims, a date-time of RFC 3339, or empty.
        public var signedAt: String
        /// The documents that the signature covers.
        public var covers: [String]
        /// Every check that did not pass, with its cause.
        public var checks: [Check]

        /// Describes a signature.
        public init(
            name: String, verdict: Signature, subject: String = "", serial: String = "", fingerprint: String = "",
            algorithm: String = "", signedAt: String = "", covers: [String] = [], checks: [Check] = []
        ) {
            self.name = name
            self.verdict = verdict
            self.subject = subject
            self.serial = serial
            self.fingerprint = fingerprint
            self.algorithm = algorithm
            self.signedAt = signedAt
            self.covers = covers
            self.checks = checks
        }
    }

    /// A check of a signature that did not pass.
    public struct Check: Sendable, Hashable {
        /// What was checked, e.g. `revocation`.
        public var name: String
        /// Failed, or indeterminate.
        public var verdict: Signature
        /// The code of the finding that it gave, or empty.
        public var code: String
        /// The actual cause, in English.
        public var detail: String

        /// Describes a check.
        public init(name: String, verdict: Signature, code: String, detail: String) {
            self.name = name
            self.verdict = verdict
            self.code = code
            self.detail = detail
        }
    }

    /// The mapping that read a filing.
    public struct MappingReference: Sendable, Hashable {
        /// Its name, e.g. `yutai.liangzhang-roster`.
        public var id: String
        /// Its version.
        public var version: String

        /// Names a mapping.
        public init(id: String, version: String) {
            self.id = id
            self.version = version
        }
    }

    /// How many rows (of a roster) or record elements (of an XML filing), and what became of them.
    public struct Counts: Sendable, Hashable {
        /// Rows or record elements that were read.
        public var rowsRead: Int
        /// Those that became records.
        public var converted: Int
        /// Those that were set aside because of findings.
        public var setAside: Int
        /// Those that are no data: totals, blank rows, remarks.
        public var skipped: Int
        /// The records, by type.
        public var records: [RecordCount]
        /// What they changed.
        public var changes: Changes

        /// Counts rows and records.
        public init(
            rowsRead: Int = 0, converted: Int = 0, setAside: Int = 0, skipped: Int = 0, records: [RecordCount] = [],
            changes: Changes = Changes()
        ) {
            self.rowsRead = rowsRead
            self.converted = converted
            self.setAside = setAside
            self.skipped = skipped
            self.records = records
            self.changes = changes
        }

        /// Whether every row that was read is accounted for.
        public var isReconciled: Bool { rowsRead == converted + setAside + skipped }
    }

    /// The records of one type.
    public struct RecordCount: Sendable, Hashable {
        /// The type, e.g. `Person`.
        public var type: String
        /// All of this filing.
        public var number: Int

        /// Counts records of a type.
        public init(type: String, number: Int) {
            self.type = type
            self.number = number
        }
    }

    /// What a filing changed in what was there before, over all record types.
    public struct Changes: Sendable, Hashable {
        /// Records that were not there before.
        public var new: Int
        /// Records that were there with other content.
        public var changed: Int
        /// Records that did not change, and are not sent again.
        public var unchanged: Int
        /// Records of the filing before that are missing now, and are sent as deleted.
        public var deleted: Int

        /// Counts changes.
        public init(new: Int = 0, changed: Int = 0, unchanged: Int = 0, deleted: Int = 0) {
            self.new = new
            self.changed = changed
            self.unchanged = unchanged
            self.deleted = deleted
        }
    }

    /// One control total and what was found.
    public struct ControlTotal: Sendable, Hashable {
        /// What it counts, as the mapping says.
        public var name: String
        /// The number that was declared; nil where the document should have said it and did not.
        public var declared: Int?
        /// The number that was found.
        public var found: Int
        /// Whether the declared number is a lower bound (余, 多) and not exact.
        public var isAtLeast: Bool

        /// Compares two numbers.
        public init(name: String, declared: Int?, found: Int, isAtLeast: Bool = false) {
            self.name = name
            self.declared = declared
            self.found = found
            self.isAtLeast = isAtLeast
        }

        /// Whether what was found is what was declared.
        public var agrees: Bool {
            guard let declared else { return false }
            return isAtLeast ? found >= declared : found == declared
        }
    }

    /// How many findings of one code.
    public struct FindingCount: Sendable, Hashable {
        /// The code, e.g. `identity-number.checksum`.
        public var code: String
        /// How many there were, shown or not.
        public var number: Int

        /// Counts findings.
        public init(code: String, number: Int) {
            self.code = code
            self.number = number
        }

        /// The counts of a log in the order of codes.
        public static func counts(of log: FindingLog) -> [FindingCount] {
            log.counts.sorted { $0.key < $1.key }.map { FindingCount(code: $0.key, number: $0.value) }
        }
    }
}
