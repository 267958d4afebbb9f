import Testing

@testable import SignedPackages

@Suite struct CertificateTimeTests {
    @Test(arguments: [
        (2, "700101000000Z", Int64(0)), (2, "500101000000Z", -631_152_000), (2, "491231235959Z", 2_524_607_999),
        (4, "20500101000000Z", 2_524_608_000), (2, "261121010000Z", 1_795_222_800),
        (4, "20240229120000Z", 1_709_208_000),
        (4, "20261121010000.75Z", 1_795_222_800), (4, "99991231235959Z", 253_402_300_799),
        (4, "00010101000000Z", -62_135_596_800),
    ]) func timesAreRead(_ yearDigits: Int, _ text: String, _ expected: Int64) {
        #expect(CertificateTime.seconds(Array(text.utf8), yearDigits: yearDigits) == expected)
    }

    @Test(arguments: [
        (2, "700101000000"), (2, "7001010000Z"), (2, "701301000000Z"), (2, "700230000000Z"), (2, "230229000000Z"),
        (2, "700101240000Z"), (2, "700101006000Z"), (2, "700101000000+0800"), (4, "20261121010000.Z"),
        (4, "261121010000Z"), (4, "2026112101000٣Z"), (2, "20261121010000Z"), (2, ""), (4, "Z"), (2, ".Z"), (4, "."),
    ]) func whatIsNoTimeIsRefused(_ yearDigits: Int, _ text: String) {
        #expect(CertificateTime.seconds(Array(text.utf8), yearDigits: yearDigits) == nil)
    }

    @Test func textAndBackOverManyYears() {
        var generator = SplitMix(seed: 5280)
        for _ in 0..<2000 {
            let time = Int64.random(in: -62_135_596_800...253_402_300_799, using: &generator)
            let digits = CertificateTime.text(time).filter(\.isNumber)
            #expect(CertificateTime.seconds(Array((digits + "Z").utf8), yearDigits: 4) == time)
        }
    }
}
