import CanonicalRecords
import Findings
import XMLFilings

/// The text that values of a block stand in while the reader still has it: they are noted by their offsets, and when the
/// reader is about to drop the text, it is put into the block with them.
///
/// So a value is not copied by itself, and where it stands is counted only if someone asks. Where the values are few
/// among much text, only they are copied, and their places are counted: what a block takes is bounded by its values.
struct PendingText: Sendable {
    /// The first value of the block that stands in it, or -1.
    var firstValue = -1
    /// Where it begins; nil where nothing is pending.
    private(set) var start: SourcePlace?
    private var base = 0
    private var end = 0
    private var literalBytes = 0

    /// So many times the room of the values, more text is not worth keeping.
    private static let largestShare = 6
    // What a value takes besides its bytes.
    private static let valueSize = MemoryLayout<RawValue>.stride

    var isEmpty: Bool { start == nil }

    mutating func begin(at place: SourcePlace) {
        guard start == nil else { return }
        start = place
        base = place.offset
        end = place.offset
        literalBytes = 0
    }

    /// How far into it an offset of the text is.
    @inline(__always)
    func relative(_ offset: Int) -> Int32 { Int32(offset &- base) }

    /// Has a value stand in it, and what that is told by, which lies before it.
    @inline(__always)
    mutating func value(_ start: Int, _ end: Int, at origin: Int) -> RawValue {
        self.end = max(self.end, end, origin &+ 1)
        literalBytes &+= end &- start
        // Nothing in it is further than its end.
        let last = Int32(self.end &- base)
        let shift = last &- Int32(truncatingIfNeeded: self.end)
        var value = RawValue(
            start: Int32(truncatingIfNeeded: start) &+ shift, end: Int32(truncatingIfNeeded: end) &+ shift)
        value.origin = Int32(truncatingIfNeeded: origin) &+ shift
        value.isPending = true
        return value
    }

    /// Has something that values are told by stand in it. That byte is part of it, so that it belongs to no other stretch.
    @inline(__always)
    mutating func take(origin offset: Int) {
        end = max(end, offset &+ 1)
    }

    /// The place of a byte of it. `tracker` is at some other byte of it.
    func place(
        of offset: Int, from tracker: inout PlaceTracker, _ reader: borrowing XMLReader
    ) -> SourcePlace {
        guard let start else { return .start }
        if offset < tracker.place.offset { tracker = PlaceTracker(at: start) }
        tracker.advance(over: reader.bytes(from: tracker.place.offset, to: offset))
        return tracker.place
    }

    /// Puts it into the block, or what is needed of it, and begins anew.
    mutating func settle(_ reader: borrowing XMLReader, in block: inout RowBlock) {
        defer { (start, firstValue) = (nil, -1) }
        guard let start, firstValue >= 0 else { return }
        let room = literalBytes + Self.valueSize * (block.values.count - firstValue)
        guard end - base > Self.largestShare * room else { return keepAll(start, reader, in: &block) }
        var tracker = PlaceTracker(at: start)
        for index in firstValue..<block.values.count { keep(index, from: &tracker, reader, in: &block) }
    }

    private func keepAll(_ start: SourcePlace, _ reader: borrowing XMLReader, in block: inout RowBlock) {
        let shift = Int32(block.bytes.count)
        block.stretches.append(TextStretch(start: shift, place: start))
        block.bytes.append(reader.bytes(from: base, to: end))
        for index in firstValue..<block.values.count {
            if block.values[index].isPending {
                // Within the text just added, whose end is an index of the block.
                block.values[index].start &+= shift
                block.values[index].end &+= shift
                block.values[index].isPending = false
            }
            if block.values[index].origin >= 0 { block.values[index].origin &+= shift }
        }
    }

    // Copies one value by itself.
    private func keep(
        _ index: Int, from tracker: inout PlaceTracker, _ reader: borrowing XMLReader, in block: inout RowBlock
    ) {
        var value = block.values[index]
        if value.origin >= 0 {
            block.places.append(place(of: base + Int(value.origin), from: &tracker, reader))
            value.origin = -1 - Int32(block.places.count)
        }
        if value.isPending {
            let (start, end) = (base + Int(value.start), base + Int(value.end))
            value.start = Int32(block.bytes.count)
            block.bytes.append(reader.bytes(from: start, to: end))
            value.end = Int32(block.bytes.count)
            value.isPending = false
        }
        block.values[index] = value
    }
}
