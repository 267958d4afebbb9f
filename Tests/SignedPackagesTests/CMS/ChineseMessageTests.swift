import Testing

@testable import SignedPackages

/// GB/T 35275 in all the forms that occur, good and bad.
@Suite struct ChineseMessageTests {
    static let content = Array("<?xml version=\"1.0\"?><报送 区划=\"370405\">台儿庄区</报送>".utf8)

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout ChineseMessage) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout ChineseMessage) -> Void) {
            testDescription = name
            self.change = change
        }

        func make() throws -> [UInt8] {
            var message = ChineseMessage(content: ChineseMessageTests.content)
            change(&message)
            return try message.make()
        }
    }

    static let good: [Case] = [
        Case("attached with attributes") { _ in },
        Case("attached without attributes") { $0.hasAttributes = false },
        Case("detached with attributes") { $0.isDetached = true },
        Case("detached without attributes") { ($0.isDetached, $0.hasAttributes) = (true, false) },
        Case("signature .501") { $0.signature = .sm2WithSM3 },
        Case("digest .501") { $0.digest = .sm2WithSM3 },
        Case("digest .501, up front too") { ($0.digest, $0.announced) = (.sm2WithSM3, .sm2WithSM3) },
        Case("digest .301.1") { $0.digest = .sm2 },
        Case("everything .501") { ($0.digest, $0.announced, $0.signature) = (.sm2WithSM3, .sm2WithSM3, .sm2WithSM3) },
        Case("NULL parameters") { $0.nullParameters = true },
        Case("NULL parameters, .501, without attributes") {
            ($0.nullParameters, $0.signature, $0.hasAttributes) = (true, .sm2WithSM3, false)
        },
        Case("identifiers of RFC 5652") {
            ($0.outer, $0.inner, $0.signature) = (.plainSignedData, .plainData, .sm2WithSM3)
        },
        Case("Chinese outside, RFC 5652 inside") { $0.inner = .plainData },
        Case("no signing time") { $0.omitted = [1] },
        Case("GeneralizedTime") { $0.time = (0x18, "20261121010000Z") },
    ]

    @Test(arguments: good) func isVerified(sample: Case) throws {
        let report = try #require(try verify(try sample.make(), content: Self.content).first)
        let (isGood, algorithm) = (report.isGood, report.identity?.algorithm)
        #expect(isGood, "\(report.checks.map(\.detail))")
        #expect(algorithm == "SM2 with SM3")
    }

    @Test func profileAndIdentifiersAreRecorded() throws {
        let package = try ChineseMessage(content: Self.content, signature: .sm2WithSM3, nullParameters: true).make()
        #expect(try SignedMessageReader.read(BytesInput(package)).profile == .gbt35275)
        let report = try #require(try verify(package).first)
        let detail = report.checks.first { $0.check == .algorithms }?.detail
        #expect(
            detail
                == "digest SM3 (1.2.156.10197.1.401) with NULL parameters,"
                + " signature SM2 with SM3 (1.2.156.10197.1.501) with NULL parameters")
    }

    static let bad: [(Case, [String])] = [
        (Case("empty user id") { $0.userID = "" }, ["package.sm2-user-id"]),
        (
            Case("empty user id, without attributes") { ($0.userID, $0.hasAttributes) = ("", false) },
            ["package.sm2-user-id"]
        ),
        (Case("another user id") { $0.userID = "alice@example.com" }, ["package.signature-invalid"]),
        (
            Case("another user id, without attributes") { ($0.userID, $0.hasAttributes) = ("alice", false) },
            ["package.signature-invalid"]
        ),
        (
            Case("another digest was signed") { $0.claimedDigest = .init(repeating: 1, count: 32) },
            ["package.document-digest"]
        ),
        (Case("a short digest was signed") { $0.claimedDigest = [1, 2, 3] }, ["package.document-digest"]),
        (Case("another content type was signed") { $0.claimedType = .plainData }, ["package.content-type"]),
        (Case("content type twice") { $0.repeated = [0] }, ["package.attribute-invalid"]),
        (Case("digest twice") { $0.repeated = [2] }, ["package.attribute-invalid"]),
        (Case("time twice") { $0.repeated = [1] }, ["package.attribute-invalid"]),
        (Case("digest with two values") { $0.secondValue = true }, ["package.attribute-invalid"]),
        (Case("no content type") { $0.omitted = [0] }, ["package.attribute-invalid"]),
        (Case("no digest") { $0.omitted = [2] }, ["package.attribute-invalid"]),
        (
            Case("no attributes at all") { $0.omitted = [0, 1, 2] },
            ["package.attribute-invalid", "package.attribute-invalid"]
        ),
        (Case("time without seconds") { $0.time = (0x17, "2611210100Z") }, ["package.attribute-invalid"]),
        (Case("time with a zone") { $0.time = (0x17, "261121010000+0800") }, ["package.attribute-invalid"]),
        (Case("31 June") { $0.time = (0x17, "260631010000Z") }, ["package.attribute-invalid"]),
        (Case("fractions of a second") { $0.time = (0x18, "20261121010000.5Z") }, ["package.attribute-invalid"]),
        (Case("the digest is SHA-256, the signature SM2") { $0.digest = .sha256 }, ["package.algorithm-mismatch"]),
        (Case("the digest was not named up front") { $0.announced = .sha256 }, ["package.algorithm-mismatch"]),
        (Case("signed in an order that DER does not allow") { $0.unsorted = true }, ["package.signature-invalid"]),
    ]

    @Test(arguments: bad) func isRefused(sample: Case, codes: [String]) throws {
        let report = try #require(try verify(try sample.make()).first)
        let problems = report.problems
        #expect(problems == codes, "\(report.checks.map(\.detail))")
    }

    @Test func changedContentIsRefused() throws {
        var message = ChineseMessage(content: Self.content, isDetached: true)
        let changed = Self.content + [0x20]
        #expect(try verify(try message.make(), content: changed).map(\.problems) == [["package.document-digest"]])
        message.hasAttributes = false
        #expect(try verify(try message.make(), content: changed).map(\.problems) == [["package.signature-invalid"]])
    }

    @Test func orderThatDERDoesNotAllowIsNamedAsTheCause() throws {
        let report = try #require(try verify(try ChineseMessage(content: Self.content, unsorted: true).make()).first)
        let detail = report.checks.first { $0.outcome != .passed }?.detail
        #expect(detail?.contains("an order that DER does not allow") == true)
    }
}
