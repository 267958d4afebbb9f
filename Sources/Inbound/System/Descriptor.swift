import Glibc

/// The number of a system error.
struct Errno: Error, Hashable {
    var number: Int32

    /// The error of the call that has just failed on this thread.
    static var last: Errno { Errno(number: errno) }

    /// The system's words for it, in English.
    var text: String { String(cString: strerror(number)) }
}

/// An open file that closes with its last owner.
final class Descriptor: Sendable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit { close(number) }
}

/// A path as the system takes it: bytes that end in NUL, whatever their encoding.
struct KernelPath: Sendable, Hashable {
    private(set) var characters: [CChar]

    init(_ text: String) {
        self.init(bytes: text.utf8)
    }

    init(_ name: FileName) {
        self.init(bytes: name.bytes)
    }

    init(bytes: some Sequence<UInt8>) {
        characters = []
        append(bytes)
    }

    static func / (folder: KernelPath, name: FileName) -> KernelPath {
        folder.appending(name.bytes)
    }

    static func / (folder: KernelPath, name: String) -> KernelPath {
        folder.appending(name.utf8)
    }

    /// The bytes without the NUL.
    var bytes: [UInt8] { characters.dropLast().map { UInt8(bitPattern: $0) } }

    /// The path as people may see it.
    var displayed: String { FileName(trusted: bytes).displayed }

    /// The path without its last component; nil for one component and for the root.
    var parent: KernelPath? {
        let whole = withoutLastSlashes
        guard let slash = whole.lastIndex(of: 0x2F) else { return nil }
        if slash == 0 { return whole.count > 1 ? KernelPath("/") : nil }
        var path = self
        path.characters = Array(whole[..<slash]) + [0]
        return path
    }

    /// The bytes of the last component.
    var component: [UInt8] {
        let whole = withoutLastSlashes
        let start = whole.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0
        return whole[start...].map { UInt8(bitPattern: $0) }
    }

    private var withoutLastSlashes: ArraySlice<CChar> {
        var whole = characters.dropLast()
        while whole.count > 1, whole.last == 0x2F { whole.removeLast() }
        return whole
    }

    private func appending(_ component: some Collection<UInt8>) -> KernelPath {
        var path = self
        path.characters[characters.count - 1] = 0x2F
        path.append(component)
        return path
    }

    // One pass: paths are made for every system call.
    private mutating func append(_ bytes: some Sequence<UInt8>) {
        characters.reserveCapacity(characters.count + bytes.underestimatedCount + 1)
        for byte in bytes where byte != 0 { characters.append(CChar(bitPattern: byte)) }
        characters.append(0)
    }
}
