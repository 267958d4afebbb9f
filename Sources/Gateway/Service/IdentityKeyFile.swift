import Glibc
public import Mappings

/// Where a state folder keeps the key that record ids are derived with; see
/// `docs/decisions/0001-record-ids-are-keyed-hashes.md`.
public enum IdentityKeyFile {
    /// Reads the key of a state folder without making one; nil when there is none or it cannot be read.
    public static func existing(in state: String) -> IdentityKey? {
        read(StateFolder(path: state).identityKey)
    }

    /// Reads the key, or makes one at the first start: temporary file, flush, rename, flush of the folder.
    ///
    /// - Parameter isInUse: Whether the journal has records already, whose ids only their own key can derive.
    static func loadOrMake(in folder: StateFolder, isInUse: Bool = false) throws(GatewayError) -> IdentityKey {
        if access(folder.identityKey, F_OK) == 0 {
            guard let key = read(folder.identityKey) else {
                throw GatewayError(
                    .folder,
                    "\(folder.identityKey) must hold 32 hexadecimal digits; put the backed-up key there: a new one would change every record id"
                )
            }
            return key
        }
        guard !isInUse else {
            throw GatewayError(
                .folder,
                "\(folder.identityKey) is missing, and the journal has records whose ids were derived with it; put the backed-up key there: a new one would change every record id",
                errno: ENOENT)
        }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try DurableFile.write(Array(Hex.text(bytes).utf8) + [0x0A], to: folder.identityKey, mode: 0o600)
        // 16 bytes, which is all that a key asks for.
        return IdentityKey(bytes)!
    }

    private static func read(_ path: String) -> IdentityKey? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(descriptor, &text, text.count)
        // More digits than a key has are another file's: to use a part of them would change every record id.
        let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard count >= 32, text[32..<count].allSatisfy(isBlank), let bytes = Hex.bytes(text[..<32]) else { return nil }
        return IdentityKey(bytes)
    }
}

/// Hexadecimal digits, as hashes and keys are written.
enum Hex {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let values = text.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
        guard values.count == text.count, values.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}

/// Writes small files that are there whole or not at all.
enum DurableFile {
    /// Writes a temporary file, flushes it, renames it, and flushes the folder.
    ///
    /// - Parameter prepare: Does what is still to be done to the temporary file.
    static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t, prepare: (String) -> Void = { _ in }
    ) throws(GatewayError) {
        let temporary = path + ".tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw GatewayError(.folder, "\(temporary) cannot be written", errno: errno) }
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        let failure = errno
        close(descriptor)
        prepare(temporary)
        guard isWritten, rename(temporary, path) == 0 else {
            throw GatewayError(.folder, "\(path) cannot be written", errno: isWritten ? errno : failure)
        }
        let folder = open(path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}
