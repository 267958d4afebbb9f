import FuzzSupport

@testable import SignedPackages

/// CMS and GB/T 35275 messages in DER, BER and PEM, and what they carry: certificates, revocation lists, OCSP responses.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMessages(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    var input = FuzzInput(start, count)
    checkMessage(&input)
    checkCertificate(input.bytes)
    _ = try? RevocationList(der: input.bytes)
    _ = try? OCSPResponse(der: input.bytes)
    _ = PackageSniffer.kind(name: "a.p7m", head: Array(input.bytes.prefix(PackageSniffer.headSize)))
    return 0
}

// What is read is bounded by the input, and does not depend on how it is asked for.
private func checkMessage(_ input: inout FuzzInput) {
    var limits = PackageLimits()
    limits.signatureBytes = 1 << 20
    let package = BytesInput(input.bytes)
    guard let message = try? SignedMessageReader.read(package, limits: limits) else { return }
    require(message.signers.count <= limits.signatures, "\(message.signers.count) signers")
    require(message.certificates.count <= limits.certificates, "\(message.certificates.count) certificates")
    let whole = content(of: message, in: package, size: .max)
    require(whole.bytes.count <= input.bytes.count, "\(whole.bytes.count) bytes of content in \(input.bytes.count)")
    let size = Int.random(in: 1...40, using: &input.decisions)
    let pieces = content(of: message, in: package, size: size)
    requireEqual(pieces.isWhole, whole.isWhole, "read in pieces of \(size)")
    if whole.isWhole { requireEqual(pieces.bytes, whole.bytes, "read in pieces of \(size)") }
    for certificate in message.certificates { checkCertificate(certificate) }
    for list in message.crls { _ = try? RevocationList(der: list) }
}

private func content(
    of message: SignedMessage, in package: BytesInput, size: Int
) -> (bytes: [UInt8], isWhole: Bool) {
    var bytes: [UInt8] = []
    guard var reader = message.contentReader(in: package) else { return (bytes, true) }
    do {
        while true {
            let before = bytes.count
            try reader.read(upTo: min(size, 1 << 20), into: &bytes)
            if bytes.count == before { return (bytes, true) }
        }
    } catch {
        return (bytes, false)
    }
}

// A certificate keeps its bytes, and says the same when it is read again.
private func checkCertificate(_ bytes: [UInt8]) {
    guard let certificate = try? PackageCertificate(der: bytes) else { return }
    requireEqual(certificate.der, bytes, "the bytes of a certificate")
    let again = try? PackageCertificate(der: certificate.der)
    requireEqual(again?.fingerprint, certificate.fingerprint, "a certificate read again")
    requireEqual(again?.subject, certificate.subject, "a certificate read again")
}
