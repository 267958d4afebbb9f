import Findings
import Foundation
import Testing

@testable import SignedPackages

/// The Public Key Interoperability Test Suite of NIST (version 1.0.1), sections 4.1 to 4.7 and 4.13 to 4.16.
///
/// Each row of `Fixtures/pkits/cases.tsv` is one test of the suite: its number and name, the code that we must report
/// (`good` where the path must be accepted), the certificate in question, the others at hand, the revocation lists.
/// Revocation is required, so that a case about lists cannot pass for want of one.
@Suite struct PKITSTests {
    /// One row.
    struct Case: Sendable, CustomTestStringConvertible {
        var number: String
        var name: String
        var expected: Set<String>
        var leaf: String
        var others: [String]
        var lists: [String]

        var testDescription: String { "\(number) \(name)" }
    }

    // Inside of the period of the suite's certificates, 2010 to 2030.
    static let now: Int64 = 1_795_219_200

    @Test(arguments: try PKITSTests.cases()) func pathIsJudgedAsTheSuiteSays(_ row: Case) async throws {
        let policy = VerificationPolicy(
            roots: [try Self.certificate("TrustAnchorRootCertificate")],
            crls: try row.lists.map { try Self.file("crls/\($0).crl") }, validity: .now, revocation: .required)
        let leaf: PackageCertificate
        let others: [PackageCertificate]
        do {
            leaf = try PackageCertificate(der: try Self.certificate(row.leaf))
            others = try row.others.map { try PackageCertificate(der: try Self.certificate($0)) }
        } catch let fault as PackageFault {
            #expect(Set([fault.check.kind?.code].compactMap(\.self)) == row.expected)
            return
        }
        let result = await checkTrust(signer: leaf, others: others, policy: policy, signedAt: nil, now: Self.now)
        let bad = result.checks.filter { $0.outcome != .passed }
        let codes = Set(bad.compactMap(\.kind?.code))
        #expect(codes == row.expected, "\(bad.map(\.detail))")
    }

    @Test func everyCaseOfTheSectionsIsThere() throws {
        let counts = Dictionary(grouping: try Self.cases()) {
            $0.number.split(separator: ".").prefix(2).joined(separator: ".")
        }
        .mapValues(\.count)
        #expect(
            counts == [
                "4.1": 6, "4.2": 8, "4.3": 11, "4.4": 21, "4.5": 8, "4.6": 17, "4.7": 5, "4.13": 38, "4.14": 35,
                "4.15": 10, "4.16": 2,
            ])
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/pkits").standardizedFileURL

    private static func file(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: path)))
    }

    private static func certificate(_ name: String) throws -> [UInt8] { try file("certs/\(name).crt") }

    static func cases() throws -> [Case] {
        let text = String(decoding: try file("cases.tsv"), as: UTF8.self)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            func words(_ index: Int) -> [String] { columns[index].split(separator: " ").map(String.init) }
            return Case(
                number: columns[0], name: columns[1], expected: Set(words(2)).subtracting(["good"]), leaf: columns[3],
                others: words(4),
                lists: words(5))
        }
    }
}
