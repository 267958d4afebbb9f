import CanonicalRecords
import Testing

@Suite struct MaskingTests {
    @Test(
        arguments: [
            (Masking.identityNumber, "370405190305070016", "370405********0016", "370***********0016"),
            (.identityNumber, "37040519030507001X", "370405********001X", "370***********001X"),
            (.identityNumber, "370405030507001", "370405*****7001", "370********7001"),
            (.identityNumber, "E12345678", "*******78", "*******78"),
            (.identityNumber, "12345", "*****", "*****"),
            (.identityNumber, "３７０４０５１９０３０５０７００１６", "３７０４０５********００１６", "３７０***********００１６"),
            (.mobile, "13812345678", "138****5678", "138****5678"),
            (.mobile, "0537-6212345", "053*****2345", "053*****2345"),
            (.mobile, "6212345", "*****45", "*****45"),
            (.mobile, "110", "***", "***"),
            (.personName, "张三", "张*", "张*"),
            (.personName, "欧阳小明", "欧***", "欧***"),
            (.personName, "买买提·阿不都", "买******", "买******"),
            (.personName, "张", "*", "*"),
            (.personName, "𠮷田", "𠮷*", "𠮷*"),
            (.text, "鱼台县谷亭街道", "***", "***"),
            (.code, "01", "***", "***"),
        ] as [(Masking, String, String, String)])
    func shapes(masking: Masking, value: String, operators: String, outward: String) {
        #expect(masking.masked(value) == operators)
        #expect(masking.masked(value, for: .outward) == outward)
    }

    @Test(arguments: Masking.allCases)
    func emptyValuesStayEmpty(masking: Masking) {
        #expect(masking.masked("") == "")
    }

    @Test(arguments: Masking.allCases)
    func bytesThatAreNotUTF8AreMaskedWhole(masking: Masking) {
        var buffer = RecordBuffer()
        masking.appendMasked([UInt8](repeating: 0xFF, count: 18).span, for: .operators, to: &buffer)
        #expect(buffer.copied() == [0x2A, 0x2A, 0x2A])
    }

    @Test(arguments: Masking.allCases, Masking.Audience.allCases)
    func noLengthShowsMoreThanTheShapeAllows(masking: Masking, audience: Masking.Audience) {
        for length in 1...40 {
            let value = String(repeating: "7", count: length)
            let shown = masking.masked(value, for: audience).filter { $0 == "7" }.count
            let longest = masking == .identityNumber ? 10 : masking == .mobile ? 7 : 1
            #expect(shown <= longest && shown < length, "\(masking) of \(length)")
            #expect(length >= 10 || shown <= 2)
        }
    }
}
