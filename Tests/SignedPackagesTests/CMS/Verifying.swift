import Findings

@testable import SignedPackages

/// The whole way through a message, as the flow goes it, but without trust.
func verify(
    _ package: [UInt8], content: [UInt8]? = nil, more: [[UInt8]] = [], cades: Bool = false,
    limits: PackageLimits = PackageLimits()
) throws -> [SignerReport] {
    try verify(BytesInput(package), content: content.map { BytesInput($0) }, more: more, cades: cades, limits: limits)
}

/// The whole way through a message, as the flow goes it, but without trust.
func verify(
    _ package: any PackageInput, content: (any PackageInput)?, more: [[UInt8]] = [], cades: Bool = false,
    limits: PackageLimits = PackageLimits()
) throws -> [SignerReport] {
    let message = try SignedMessageReader.read(package, limits: limits)
    let certificates = try (message.certificates + more).map { try PackageCertificate(der: $0) }
    var digests = try ContentDigests(for: [message], certificates: certificates)
    if message.content != nil {
        try message.streamContent(from: package) { digests.update($0) }
    } else if let content {
        var offset: Int64 = 0
        while offset < content.size {
            let bytes = try content.bytes(at: offset, count: 1 << 20)
            digests.update(bytes.span)
            offset += Int64(bytes.count)
        }
    }
    let finished = try digests.finish()
    var reports: [SignerReport] = []
    for (index, signer) in message.signers.enumerated() {
        reports.append(
            try checkSigner(
                signer, name: "signature \(index + 1)", document: "content", message: message,
                certificates: certificates, digests: finished, cades: cades))
    }
    return reports
}

extension SignerReport {
    /// The codes of what did not pass, in order.
    var problems: [String] {
        checks.filter { $0.outcome != .passed }.map { $0.kind?.code ?? "no code" }
    }

    /// Whether the signature value itself was checked and fits, and nothing else failed.
    var isGood: Bool {
        problems.isEmpty && checks.contains { $0.check == .signatureValue && $0.outcome == .passed }
    }
}

/// The code that reading a message gives, or nil when it can be read.
func fault(_ package: [UInt8], limits: PackageLimits = PackageLimits()) -> String? {
    do throws(PackageFault) {
        _ = try SignedMessageReader.read(BytesInput(package), limits: limits)
        return nil
    } catch {
        return error.reading == nil ? error.check.kind?.code : "reading: \(error.check.detail)"
    }
}
