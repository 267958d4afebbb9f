import Foundation
import SignedPackages

/// Signs receipts: a detached SignedData for the bytes of each.
struct ReceiptSigner: Sendable {
    private let signer: DetachedSigner

    /// Reads key and certificate.
    ///
    /// - Parameter credentials: The folder of the service's credentials, `CREDENTIALS_DIRECTORY`; nil outside of a service.
    /// - Throws: ``GatewayError`` when one of them cannot be read or they do not belong together.
    init(_ signing: ReceiptSigning, credentials: String?) throws(GatewayError) {
        let certificates = try TrustFile(path: signing.certificate, kind: .certificates).read()
        let path = try Self.path(of: signing.key, credentials)
        guard let pem = FileManager.default.contents(atPath: path) else {
            throw GatewayError(
                .configuration, "the key \(path) cannot be read; it must be readable by the gateway's user")
        }
        do {
            let key = try PackageSigningKey(pem: [UInt8](pem))
            signer = DetachedSigner(try PackageSigner(key: key, certificates: certificates))
        } catch {
            throw GatewayError(.configuration, "\(path) with \(signing.certificate): \(error)")
        }
    }

    /// The folder of the service's credentials, as systemd tells it.
    static var credentialsFolder: String? { ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] }

    private static func path(of key: ReceiptSigning.Key, _ credentials: String?) throws(GatewayError) -> String {
        switch key {
        case .file(let path): return path
        case .credential(let name):
            guard let credentials else {
                throw GatewayError(
                    .configuration,
                    "the credential “\(name)” is not there: CREDENTIALS_DIRECTORY is not set; write LoadCredential=\(name):/path/of/the/key into the unit of the service"
                )
            }
            return "\(credentials)/\(name)"
        }
    }

    /// The signature of a receipt.
    func sign(_ receipt: [UInt8], at date: Date) throws -> [UInt8] {
        try signer.sign(receipt, signedAt: Int64(date.timeIntervalSince1970.rounded(.down)))
    }
}
