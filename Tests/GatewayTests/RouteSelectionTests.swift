import CanonicalRecords
import ExporterProtocol
import Journal
import Mappings
import Testing

@testable import Gateway

@Suite struct RouteSelectionTests {
    private let chunk = JournalChunk(
        firstPosition: 11, count: 4,
        bytes: Toy.chunk([Toy.person(0), Toy.place(1), Toy.person(2), Toy.person(3)]).bytes,
        origin: .filing(Toy.identity(1)))

    private func route(_ change: (inout RouteSettings) -> Void) -> RouteSettings {
        var route = RouteSettings(name: "r", exporter: ["cat"])
        route.sensitive = .reveal
        change(&route)
        return route
    }

    private func positions(after position: Int64, _ change: (inout RouteSettings) -> Void) throws -> [UInt64] {
        try RouteSelection(route(change), hashKey: .published).select(from: [chunk], after: position).map(\.position)
    }

    @Test func everythingIsSelectedUnlessSomethingIsNamed() throws {
        #expect(try positions(after: 0) { _ in } == [11, 12, 13, 14])
        #expect(try positions(after: 12) { _ in } == [13, 14])
        #expect(try positions(after: 14) { _ in } == [])
    }

    @Test func onlyNamedSourcesAreSelected() throws {
        #expect(try positions(after: 0) { $0.sources = ["other"] } == [])
        #expect(try positions(after: 0) { $0.sources = ["other", "test"] } == [11, 12, 13, 14])
    }

    @Test func onlyNamedRecordTypesAreSelected() throws {
        #expect(try positions(after: 0) { $0.records = ["Person"] } == [11, 13, 14])
        #expect(try positions(after: 0) { $0.records = ["Place"] } == [12])
        #expect(try positions(after: 0) { $0.records = ["Place", "Person"] } == [11, 12, 13, 14])
        #expect(try positions(after: 0) { $0.records = ["Case"] } == [])
    }

    @Test func revealedRecordsAreTheBytesOfTheJournal() throws {
        let selection = try RouteSelection(route { _ in }, hashKey: .published)
        let records = try selection.select(from: [chunk], after: 0).map { Array($0.bytes) }
        #expect(records == [Toy.person(0), Toy.place(1), Toy.person(2), Toy.person(3)])
    }

    private func person(_ sensitive: RouteSettings.Sensitive, key: IdentityKey = .published) throws -> String {
        let selection = try RouteSelection(route { $0.sensitive = sensitive }, hashKey: key)
        let record = try #require(try selection.select(from: [chunk], after: 0).first)
        return try Toy.json(record.bytes)
    }

    @Test func maskedRecordsShowNoWholeIdentityNumber() throws {
        let text = try person(.mask)
        #expect(text.contains("\"identityNumber\""))
        #expect(text.contains("*"))
        #expect(!text.contains(Forms.identityNumber(0)))
        #expect(!text.contains("张三"))
        #expect(text.contains(Toy.id(0)))
    }

    @Test func hashedRecordsCanBeJoinedWithinOneKeyOnly() throws {
        let text = try person(.hash)
        #expect(!text.contains(Forms.identityNumber(0)))
        #expect(text.contains(/"identityNumber":"[0-9a-f]{32}"/))
        #expect(try person(.hash) == text)
        let other = try #require(IdentityKey(Array(repeating: 7, count: 16)))
        #expect(try person(.hash, key: other) != text)
    }

    @Test func droppedFieldsAreNotThere() throws {
        let text = try person(.drop)
        #expect(!text.contains("identityNumber"))
        #expect(text.contains(Toy.id(0)))
    }

    /// Two threads give what one gives, in batches that follow on each other and are no greater than a chunk; what is small
    /// stays in one.
    @Test(arguments: [RouteSettings.Sensitive.mask, .reveal]) func batchesAreTheWhole(
        sensitive: RouteSettings.Sensitive
    ) async throws {
        let chunks = (0..<24).map { number in
            let records = (0..<400).map { Toy.person(number * 400 + $0) }
            return JournalChunk(
                firstPosition: Int64(number * 400 + 1), count: records.count, bytes: Toy.chunk(records).bytes,
                origin: .filing(Toy.identity(1)))
        }
        let selection = try RouteSelection(route { $0.sensitive = sensitive }, hashKey: .published)
        let whole = try selection.select(from: chunks, after: 450)
        let batches = try await selection.batches(from: chunks, after: 450)
        #expect(batches.count > 2 && batches.allSatisfy { $0.byteCount <= 256 << 10 })
        #expect(batches.flatMap { Array($0) } == Array(whole))
        #expect(try await selection.batches(from: [chunk, chunk], after: 0).count == 1)
        #expect(try await selection.batches(from: [], after: 0).isEmpty)
    }

    @Test func brokenChunkIsAnErrorAndNoCrash() throws {
        var broken = chunk
        broken.bytes.removeLast()
        let selection = try RouteSelection(route { _ in }, hashKey: .published)
        #expect(throws: RecordError.self) { try selection.select(from: [broken], after: 0) }
    }
}
