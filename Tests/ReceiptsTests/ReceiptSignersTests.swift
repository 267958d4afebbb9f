import Findings
import Foundation
import Testing

@testable import Receipts

@Suite struct ReceiptSignersTests {
    static func receipt() -> Receipt {
        var receipt = Examples.roster
        receipt.outcome = .rejected
        receipt.signature = .failed
        receipt.reached = .signature
        receipt.signers = [
            Receipt.Signer(
                name: "package", verdict: .failed,
                checks: [
                    Receipt.Check(
                        name: "requiredSignatures", verdict: .failed, code: "package.required-signatures",
                        detail: "package: 1 of 2")
                ]),
            Receipt.Signer(
                name: "signature 1", verdict: .indeterminate, subject: "CN=张三 <a&b>,O=\"鱼台\"", serial: "0a",
                fingerprint: String(repeating: "ab", count: 32), algorithm: "SM2 with SM3",
                signedAt: "2026-11-21T00:00:00Z", covers: ["a.csv", "b <1>.xml"],
                checks: [
                    Receipt.Check(
                        name: "revocation", verdict: .indeterminate, code: "package.crl-stale", detail: "stale\n<x>")
                ]),
            Receipt.Signer(name: "signature 2", verdict: .passed),
        ]
        return receipt
    }

    @Test func signersComeBackAsTheyWere() throws {
        let receipt = Self.receipt()
        let xml = try receipt.xml()
        #expect(try Receipt(xml: xml) == receipt)
        let text = String(decoding: xml, as: UTF8.self)
        #expect(text.contains("<signature verdict=\"failed\">"))
        #expect(text.contains("algorithm=\"SM2 with SM3\""))
        #expect(text.contains("<covers>b &lt;1&gt;.xml</covers>"))
    }

    @Test func aReceiptWithSignersIsNotWrittenThroughAForm() throws {
        var receipt = Self.receipt()
        receipt.findings = []
        #expect(!ReceiptForm.fits(receipt))
    }

    @Test func theSignatureLiesBesideTheReceiptAndCoversItsBytes() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "receipts-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = ReceiptFolder(path: path)
        let written = try folder.write(Self.receipt()) { Array($0.reversed()) }
        #expect(written.signature == written.receipt + ".p7s")
        let receipt = try Data(contentsOf: URL(filePath: written.receipt))
        #expect(try Data(contentsOf: URL(filePath: written.receipt + ".p7s")) == Data(receipt.reversed()))
    }

    @Test func aReceiptThatCannotBeSignedIsNotWritten() {
        struct NoKey: Error {}
        let path = FileManager.default.temporaryDirectory.appending(path: "receipts-\(UUID().uuidString)").path
        #expect { try ReceiptFolder(path: path).write(Self.receipt()) { _ in throw NoKey() } } throws: { error in
            (error as? ReceiptError)?.code == .notSigned
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
