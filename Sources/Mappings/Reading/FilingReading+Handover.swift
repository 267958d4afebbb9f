import CanonicalRecords
import XMLFilings

// Spans borrow the whole value that they come from, so what is read and what is written are handed over apart.
extension FilingReading {
    /// Copies what the reader tells of the runs that it has passed over: each is asked for several times.
    static func takePassed(
        _ reader: borrowing XMLReader, _ runs: inout PlainArray<XMLRun>, _ attributes: inout PlainArray<XMLStretch>
    ) {
        runs.removeAll()
        runs.append(reader.passedRuns)
        attributes.removeAll()
        attributes.append(reader.passedAttributes)
    }

    static func add(
        _ reader: borrowing XMLReader, _ stretch: XMLStretch, to slot: Int, at origin: FilingRows.Origin,
        of rows: inout FilingRows, in block: inout RowBlock
    ) {
        rows.add(reader.bytes(stretch), to: slot, at: origin, isTooLong: false, in: &block)
    }

    static func add(
        _ texts: borrowing OpenTexts, _ one: OpenTexts.One, to slot: Int, at origin: FilingRows.Origin,
        of rows: inout FilingRows, in block: inout RowBlock
    ) {
        rows.add(texts.bytes(one), to: slot, at: origin, isTooLong: one.isTooLong, in: &block)
    }

    static func add(
        _ reader: borrowing XMLReader, _ one: OpenTexts.One, to slot: Int, at origin: FilingRows.Origin,
        of rows: inout FilingRows, in block: inout RowBlock
    ) {
        rows.add(reader.bytes(from: one.start, to: one.end), to: slot, at: origin, isTooLong: false, in: &block)
    }
}
