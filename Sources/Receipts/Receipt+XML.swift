import Findings
import Foundation
import XMLCoder

extension Receipt {
    /// The receipt as an XML document in UTF-8, in the namespace `urn:qiao:receipt:1`. The same receipt gives the same bytes.
    ///
    /// Characters that XML 1.0 does not allow are written as U+FFFD, and every line end as LF.
    public func xml() throws(ReceiptError) -> [UInt8] {
        guard ReceiptForm.fits(self) else { return try encoded() }
        return try ReceiptForms.shared.xml(of: self)
    }

    // The document by XMLCoder, element by element.
    func encoded() throws(ReceiptError) -> [UInt8] {
        try encoded(size: "\(size)")
    }

    func encoded(size: String) throws(ReceiptError) -> [UInt8] {
        let encoder = XMLEncoder()
        encoder.outputFormatting = .prettyPrinted
        encoder.prettyPrintIndentation = .spaces(2)
        do {
            let header = XMLHeader(version: 1.0, encoding: "UTF-8")
            return Array(try encoder.encode(document(size: size), withRootKey: "receipt", header: header)) + [0x0A]
        } catch {
            throw ReceiptError(
                .notEncodable, underlying: "\(error)", retryHelps: false, next: "Report this as a fault of the program."
            )
        }
    }

    /// Reads a receipt that ``xml()`` wrote.
    public init(xml: [UInt8]) throws(ReceiptError) {
        let decoder = XMLDecoder()
        decoder.trimValueWhitespaces = false
        let document: ReceiptDocument
        do {
            document = try decoder.decode(ReceiptDocument.self, from: Data(xml))
        } catch {
            throw .notAReceipt("\(error)")
        }
        guard document.xmlns == ReceiptDocument.namespace else { throw .notAReceipt("namespace \(document.xmlns)") }
        try self.init(document)
    }

    private func document(size: String) -> ReceiptDocument {
        ReceiptDocument(
            xmlns: ReceiptDocument.namespace, reached: reached.rawValue, filing: XMLText.allowed(filing),
            source: XMLText.allowed(source), fileName: XMLText.allowed(fileName), fileNameBytes: fileNameBytes,
            size: size, receivedAt: XMLText.allowed(receivedAt),
            duplicate: duplicate.map {
                DuplicateElement(
                    receivedAt: XMLText.allowed($0.receivedAt), fileName: XMLText.allowed($0.fileName))
            },
            outcome: OutcomeElement(code: outcome.rawValue, zh: outcome.text.chinese, en: outcome.text.english),
            signature: SignatureElement(
                verdict: signature.rawValue, signer: signers.isEmpty ? nil : signers.map(SignerElement.init)),
            mapping: mapping.map {
                MappingElement(id: XMLText.oneLine($0.id), version: XMLText.oneLine($0.version))
            },
            encoding: encoding.map(XMLText.allowed),
            rows: RowsElement(
                read: counts.rowsRead, converted: counts.converted, setAside: counts.setAside, skipped: counts.skipped),
            records: RecordsElement(
                new: counts.changes.new, changed: counts.changes.changed, unchanged: counts.changes.unchanged,
                deleted: counts.changes.deleted, record: counts.records.map(RecordElement.init)),
            controlTotals: ControlTotalsElement(total: controlTotals.map(ControlTotalElement.init)),
            findingCounts: FindingCountsElement(
                total: findingTotal,
                count: findingCounts.map { FindingCountElement(code: XMLText.oneLine($0.code), number: $0.number) }),
            findings: FindingsElement(finding: findings.map(FindingElement.init)),
            next: NextElement(step: next.map { TextElement(zh: $0.chinese, en: $0.english) }))
    }

    private init(_ document: ReceiptDocument) throws(ReceiptError) {
        guard let size = Int(document.size), let outcome = Outcome(rawValue: document.outcome.code),
            let reached = Stage(rawValue: document.reached),
            let signature = Signature(rawValue: document.signature.verdict),
            let signers = Signer.list(document.signature.signer ?? [])
        else { throw .notAReceipt("a word that this version does not know") }
        var findings: [Finding] = []
        for element in document.findings.finding {
            guard let finding = Finding(element) else { throw .notAReceipt("severity \(element.severity)") }
            findings.append(finding)
        }
        self.init(
            filing: document.filing, source: document.source, fileName: document.fileName,
            fileNameBytes: document.fileNameBytes, size: size, receivedAt: document.receivedAt,
            outcome: outcome, reached: reached,
            duplicate: document.duplicate.map { Duplicate(receivedAt: $0.receivedAt, fileName: $0.fileName) },
            signature: signature, mapping: document.mapping.map { MappingReference(id: $0.id, version: $0.version) },
            encoding: document.encoding,
            counts: Counts(
                rowsRead: document.rows.read, converted: document.rows.converted, setAside: document.rows.setAside,
                skipped: document.rows.skipped, records: document.records.record.map(RecordCount.init),
                changes: Changes(
                    new: document.records.new, changed: document.records.changed,
                    unchanged: document.records.unchanged, deleted: document.records.deleted)),
            controlTotals: document.controlTotals.total.map(ControlTotal.init),
            findingCounts: document.findingCounts.count.map { FindingCount(code: $0.code, number: $0.number) },
            findings: findings)
        self.signers = signers
    }
}

extension ReceiptError {
    fileprivate static func notAReceipt(_ why: String) -> ReceiptError {
        ReceiptError(
            .notAReceipt, underlying: why, retryHelps: false, next: "Only receipts in urn:qiao:receipt:1 can be read.")
    }
}

extension RecordElement {
    init(_ count: Receipt.RecordCount) {
        self.init(type: XMLText.oneLine(count.type), number: count.number)
    }
}

extension Receipt.RecordCount {
    init(_ element: RecordElement) {
        self.init(type: element.type, number: element.number)
    }
}

extension ControlTotalElement {
    init(_ total: Receipt.ControlTotal) {
        self.init(
            declared: total.declared, found: total.found, agrees: total.agrees, atLeast: total.isAtLeast,
            name: XMLText.allowed(total.name))
    }
}

extension Receipt.ControlTotal {
    init(_ element: ControlTotalElement) {
        self.init(
            name: element.name, declared: element.declared, found: element.found, isAtLeast: element.atLeast)
    }
}

extension FindingElement {
    init(_ finding: Finding) {
        self.init(
            code: XMLText.oneLine(finding.code), severity: finding.severity.rawValue, row: finding.row,
            line: finding.place?.line, column: finding.place?.column, offset: finding.place?.offset,
            field: finding.field.map(XMLText.allowed), value: finding.value.map(XMLText.allowed),
            zh: XMLText.allowed(finding.message.chinese), en: XMLText.allowed(finding.message.english))
    }
}

extension Finding {
    init?(_ element: FindingElement) {
        guard let severity = Severity(rawValue: element.severity) else { return nil }
        var place: SourcePlace?
        if let line = element.line, let column = element.column, let offset = element.offset {
            place = SourcePlace(line: line, column: column, offset: offset)
        }
        let kind = FindingKind(element.code, severity, chinese: element.zh, english: element.en)
        self.init(kind, at: place, row: element.row, field: element.field, value: nil)
        // Not cut a second time: the ellipsis of the first cut is part of it.
        value = element.value
    }
}
