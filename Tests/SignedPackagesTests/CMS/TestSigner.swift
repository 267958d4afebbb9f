import Foundation

/// A key and its certificate, made by `openssl`; they certify nobody and are for tests only.
struct TestSigner: Sendable {
    /// PEM of the private key, in ``OpenSSL/folder``.
    var key: String
    /// PEM of the certificate, in ``OpenSSL/folder``.
    var certificate: String

    static let rsa = make("rsa", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
    static let weakRSA = make("weak-rsa", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"])
    static let p256 = make("p256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
    static let otherP256 = make("other-p256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
    static let p384 = make("p384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"])
    static let p521 = make("p521", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"])
    static let ed25519 = make("ed25519", ["-algorithm", "ED25519"])
    static let sm2 = make("sm2", ["-algorithm", "SM2"])

    /// The certificate in DER.
    var der: [UInt8] {
        get throws { try OpenSSL.run("x509", "-in", certificate, "-outform", "DER") }
    }

    private static func make(_ name: String, _ algorithm: [String]) -> Result<TestSigner, any Error> {
        Result {
            try OpenSSL.run(["genpkey"] + algorithm + ["-out", "\(name).key"])
            var request = ["req", "-new", "-x509", "-key", "\(name).key", "-out", "\(name).crt", "-days", "3650"]
            request += ["-subj", "/C=CN/O=TEST ONLY/CN=\(name)", "-addext", "keyUsage=critical,digitalSignature"]
            if name == "sm2" { request += ["-sm3", "-sigopt", "distid:1234567812345678"] }
            try OpenSSL.run(request)
            return TestSigner(key: "\(name).key", certificate: "\(name).crt")
        }
    }
}
