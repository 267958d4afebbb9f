import Foundation
import SwiftASN1

/// Reads the files that the settings name under `trust`: certificates and revocation lists in PEM or DER, OCSP
/// responses in DER.
public enum TrustFiles {
    /// The certificates of a file, DER each: one in DER, or any number of `CERTIFICATE` blocks of PEM among other text.
    ///
    /// - Throws: ``PackageError`` with code `package.unusable-trust` when the file holds none, or one that is damaged.
    public static func certificates(_ bytes: [UInt8], name: String = "trust file") throws(PackageError) -> [[UInt8]] {
        let blocks = try blocks(bytes, labels: ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"], name: name)
        for (index, der) in blocks.enumerated() {
            do {
                _ = try PackageCertificate(der: der)
            } catch {
                throw unusable("\(name), certificate \(index + 1)", error.check.detail)
            }
        }
        return blocks
    }

    /// The revocation lists of a file, DER each: one in DER, or any number of `X509 CRL` blocks of PEM.
    ///
    /// - Throws: ``PackageError`` with code `package.unusable-trust` when the file holds none, or one that is damaged.
    public static func crls(_ bytes: [UInt8], name: String = "revocation list") throws(PackageError) -> [[UInt8]] {
        let blocks = try blocks(bytes, labels: ["X509 CRL", "CRL"], name: name)
        for (index, der) in blocks.enumerated() {
            do {
                _ = try RevocationList(der: der)
            } catch {
                throw unusable("\(name), list \(index + 1)", error.reason)
            }
        }
        return blocks
    }

    /// The OCSP response of a file in DER (what `openssl ocsp -respout` writes).
    ///
    /// - Throws: ``PackageError`` with code `package.unusable-trust` when it cannot be read.
    public static func ocspResponse(_ bytes: [UInt8], name: String = "OCSP response") throws(PackageError) -> [UInt8] {
        do {
            _ = try OCSPResponse(der: bytes)
        } catch {
            throw unusable(name, error.reason)
        }
        return bytes
    }

    /// Parts certificates into roots and intermediates: a root is one that issued itself.
    ///
    /// - Parameter certificates: DER; what cannot be read is left out.
    public static func partition(_ certificates: [[UInt8]]) -> (roots: [[UInt8]], intermediates: [[UInt8]]) {
        var parts: (roots: [[UInt8]], intermediates: [[UInt8]]) = ([], [])
        for der in certificates {
            guard let certificate = try? PackageCertificate(der: der) else { continue }
            if certificate.isSelfIssued { parts.roots.append(der) } else { parts.intermediates.append(der) }
        }
        return parts
    }

    private static func unusable(_ place: String, _ cause: String) -> PackageError {
        PackageError(
            .unusableTrust, place: place, underlying: cause,
            next: "Put a PEM or DER file of the right kind there; `openssl asn1parse` shows what this one holds.")
    }

    private static func blocks(_ bytes: [UInt8], labels: [String], name: String) throws(PackageError) -> [[UInt8]] {
        // DER of all three kinds begins with a SEQUENCE; no text file does.
        if bytes.first == 0x30, (try? DER.parse(bytes)) != nil { return [bytes] }
        // Editors on Windows put a byte order mark in front of the text.
        let lines = String(
            decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        var result: [[UInt8]] = []
        var label: String?
        var text = ""
        for line in lines.split(whereSeparator: \.isNewline) {
            let line = line.drop(while: \.isWhitespace)
            if let begin = marker("BEGIN", line) {
                (label, text) = (begin, "")
            } else if let end = marker("END", line) {
                guard end == label else { throw unusable(name, "END \(end) without its BEGIN") }
                if labels.contains(end) { result.append(try decoded(text, end, name)) }
                label = nil
            } else if label != nil {
                text += line.filter { !$0.isWhitespace }
            }
        }
        guard label == nil else { throw unusable(name, "BEGIN \(label ?? "") without its END: is the file cut off?") }
        guard !result.isEmpty else { throw unusable(name, "no \(labels[0]) in it, neither PEM nor DER") }
        return result
    }

    private static func marker(_ word: String, _ line: Substring) -> String? {
        let prefix = "-----\(word) "
        guard line.hasPrefix(prefix), let end = line.dropFirst(prefix.count).firstIndex(of: "-") else { return nil }
        return String(line.dropFirst(prefix.count)[..<end])
    }

    // A `TRUSTED CERTIFICATE` of openssl has settings of its own behind the certificate; they are cut off.
    private static func decoded(_ text: String, _ label: String, _ name: String) throws(PackageError) -> [UInt8] {
        guard let data = Data(base64Encoded: text), !data.isEmpty else {
            throw unusable(name, "the base64 of a \(label) is damaged")
        }
        let bytes = Array(data)
        guard label == "TRUSTED CERTIFICATE", let length = DERLength.ofFirstValue(in: bytes) else { return bytes }
        return Array(bytes.prefix(length))
    }
}

/// The length of the first DER value of bytes, header included.
private enum DERLength {
    static func ofFirstValue(in bytes: [UInt8]) -> Int? {
        guard bytes.count > 2 else { return nil }
        guard bytes[1] > 0x80 else { return 2 + Int(bytes[1]) }
        let octets = Int(bytes[1] & 0x7F)
        guard octets <= 4, bytes.count > 2 + octets else { return nil }
        return 2 + octets + bytes[2..<2 + octets].reduce(0) { $0 << 8 | Int($1) }
    }
}
