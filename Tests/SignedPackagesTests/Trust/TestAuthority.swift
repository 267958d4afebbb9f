import Foundation

@testable import SignedPackages

/// A certificate with its key, made by `openssl` for one test, that can issue others, sign lists and answer for OCSP.
struct TestAuthority {
    /// Settings of a new certificate.
    struct Settings {
        /// Lines of an extension section.
        var extensions: [String]
        /// What `openssl genpkey` is told about the key.
        var key = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        /// What is told when the issuer signs.
        var signing = ["-sha256"]
        /// The subject, in openssl's form with slashes.
        var subject: String?

        static let ca = Settings(extensions: [
            "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign", "subjectKeyIdentifier=hash",
        ])
        static let signer = Settings(extensions: [
            "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", "subjectKeyIdentifier=hash",
        ])

        /// The same with other lines.
        func with(_ extensions: String...) -> Settings {
            var changed = self
            changed.extensions = extensions
            return changed
        }
    }

    /// PEM files in the folder of ``OpenSSL``.
    let key: String
    let file: String
    /// The subject, in openssl's form with slashes.
    let subject: String
    let certificate: PackageCertificate

    var der: [UInt8] { certificate.der }

    /// Makes a root.
    static func root(_ name: String = "TEST ROOT", _ settings: Settings = .ca) throws -> TestAuthority {
        let key = try newKey(settings)
        return try make(name, settings, key: key, issuedBy: nil)
    }

    /// Issues a certificate, with a new key unless one is given.
    func issue(_ name: String, _ settings: Settings, key: String? = nil) throws -> TestAuthority {
        try Self.make(name, settings, key: try key ?? Self.newKey(settings), issuedBy: self)
    }

    private static func newKey(_ settings: Settings) throws -> String {
        let key = OpenSSL.newName("key")
        try OpenSSL.run(["genpkey"] + settings.key + ["-out", key])
        return key
    }

    private static func make(
        _ name: String, _ settings: Settings, key: String, issuedBy issuer: TestAuthority?
    ) throws -> TestAuthority {
        let subject = settings.subject ?? "/C=CN/O=TEST/CN=\(name)"
        let request = OpenSSL.newName("csr")
        try OpenSSL.run("req", "-new", "-utf8", "-key", key, "-subj", subject, "-out", request)
        let extensions = try OpenSSL.write(settings.extensions.joined(separator: "\n").utf8, OpenSSL.newName("ext"))
        let file = OpenSSL.newName("crt")
        let signing = issuer.map { ["-CA", $0.file, "-CAkey", $0.key] } ?? ["-signkey", key]
        let serial = "0x\(String(UInt64.random(in: 1...UInt64(Int64.max)), radix: 16))"
        try OpenSSL.run(
            [
                "x509", "-req", "-in", request, "-days", "3650", "-set_serial", serial, "-extfile", extensions, "-out",
                file,
            ]
                + signing + settings.signing)
        let der = try OpenSSL.run("x509", "-in", file, "-outform", "DER")
        return TestAuthority(key: key, file: file, subject: subject, certificate: try PackageCertificate(der: der))
    }
}

// MARK: - Revocation

extension TestAuthority {
    /// A certificate that its issuer revoked.
    struct Revocation {
        var certificate: PackageCertificate
        /// When, in seconds since 1970.
        var date: Int64
        /// The reason in openssl's words, with what belongs to it.
        var reason: String?
    }

    /// The database that `openssl ca` and `openssl ocsp` read: good certificates, then revoked ones.
    private func database(good: [PackageCertificate], _ revoked: [Revocation]) throws -> String {
        let lines =
            good.map { "V\t\(short($0.notAfter))\t\t\(serial($0))\tunknown\t/CN=good" }
            + revoked.map { entry in
                let date = short(entry.date) + (entry.reason.map { ",\($0)" } ?? "")
                return
                    "R\t\(short(entry.certificate.notAfter))\t\(date)\t\(serial(entry.certificate))\tunknown\t/CN=bad"
            }
        return try OpenSSL.write(lines.map { $0 + "\n" }.joined().utf8, OpenSSL.newName("txt"))
    }

    private func serial(_ certificate: PackageCertificate) -> String {
        (certificate.serial.count % 2 == 0 ? "" : "0") + certificate.serial.uppercased()
    }

    private func short(_ seconds: Int64) -> String { String(long(seconds).dropFirst(2)) }

    private func long(_ seconds: Int64) -> String { CertificateTime.text(seconds).filter(\.isNumber) + "Z" }

    /// A list of revoked certificates, DER.
    func list(
        _ revoked: [Revocation] = [], number: String = "01", thisUpdate: Int64, nextUpdate: Int64,
        extensions: [String] = []
    ) throws -> [UInt8] {
        let database = try database(good: [], revoked)
        let number = try OpenSSL.write("\(number)\n".utf8, OpenSSL.newName("number"))
        let lines = [
            "[ca]", "default_ca=d", "[d]", "database=\(database)", "crlnumber=\(number)", "default_md=sha256",
            "crl_extensions=e", "unique_subject=no", "[e]", "authorityKeyIdentifier=keyid",
        ]
        let configuration = try OpenSSL.write(
            (lines + extensions).joined(separator: "\n").utf8, OpenSSL.newName("cnf"))
        let file = OpenSSL.newName("crl")
        try OpenSSL.run(
            "ca", "-config", configuration, "-gencrl", "-keyfile", key, "-cert", self.file, "-crl_lastupdate",
            long(thisUpdate), "-crl_nextupdate", long(nextUpdate), "-out", file)
        return try OpenSSL.run("crl", "-in", file, "-outform", "DER")
    }

    /// An OCSP response about `certificate`, DER, signed now by `responder`; holds for a day.
    func ocspResponse(
        about certificate: TestAuthority, revoked: [Revocation] = [], known: Bool = true,
        signedBy responder: TestAuthority,
        options: [String] = []
    ) throws -> [UInt8] {
        let isRevoked = revoked.contains { $0.certificate == certificate.certificate }
        let database = try database(good: isRevoked || !known ? [] : [certificate.certificate], revoked)
        let (request, response) = (OpenSSL.newName("req"), OpenSSL.newName("ocsp"))
        try OpenSSL.run("ocsp", "-issuer", file, "-cert", certificate.file, "-reqout", request)
        try OpenSSL.run(
            [
                "ocsp", "-index", database, "-CA", file, "-rsigner", responder.file, "-rkey", responder.key, "-reqin",
                request, "-respout", response, "-noverify", "-ndays", "1",
            ] + options)
        return try OpenSSL.read(response)
    }
}
