import Foundation
import Glibc
import SignedPackages

/// A file that a source's trust is read from.
struct TrustFile: Sendable, Hashable {
    /// What it holds.
    enum Kind: Sendable, Hashable {
        case certificates
        case revocationLists
        case ocspResponse
    }

    /// What changes when somebody replaces the file.
    struct Stamp: Sendable, Hashable {
        var modified: Date?
        var size: UInt64?
        var number: UInt64?
    }

    let path: String
    let kind: Kind

    // Revocation lists of big authorities have some MiB.
    private static let limit = 256 << 20

    /// What the file looks like now; nil when it is not there.
    var stamp: Stamp? {
        let file = URL(filePath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file) else { return nil }
        return Stamp(
            modified: attributes[.modificationDate] as? Date, size: (attributes[.size] as? NSNumber)?.uint64Value,
            number: (attributes[.systemFileNumber] as? NSNumber)?.uint64Value)
    }

    /// Reads the file.
    ///
    /// - Returns: Items in DER.
    /// - Throws: ``GatewayError`` when it cannot be read, or holds nothing of its kind.
    func read() throws(GatewayError) -> [[UInt8]] {
        let handle: FileHandle
        let bytes: [UInt8]
        do {
            handle = try FileHandle(forReadingFrom: URL(filePath: path))
            bytes = [UInt8](try handle.read(upToCount: Self.limit) ?? Data())
        } catch {
            let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw GatewayError(
                .configuration, "\(path) cannot be read", errno: system.map { Int32($0.code) } ?? ENOENT)
        }
        do {
            switch kind {
            case .certificates: return try TrustFiles.certificates(bytes, name: path)
            case .revocationLists: return try TrustFiles.crls(bytes, name: path)
            case .ocspResponse: return [try TrustFiles.ocspResponse(bytes, name: path)]
            }
        } catch {
            throw GatewayError(.configuration, "\(error)")
        }
    }
}

extension SignatureSettings {
    /// The files of certificates, in the order of the settings.
    var certificateFiles: [TrustFile] { trust.map { TrustFile(path: $0, kind: .certificates) } }

    /// The files of revocation data, which change by themselves.
    var revocationFiles: [TrustFile] {
        crls.map { TrustFile(path: $0, kind: .revocationLists) } + ocsp.map { TrustFile(path: $0, kind: .ocspResponse) }
    }
}
