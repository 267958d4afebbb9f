import Glibc

/// What happened to a name in a folder, as far as completion is concerned.
struct FolderEvent: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// A name appeared that may still be written to.
        case created
        /// A writer closed the file.
        case closed
        /// A file was moved in.
        case arrived
    }
    var kind: Kind
    var name: FileName
}

/// One reading of inotify: events, and whether some were lost or the folder itself is gone.
struct FolderNews: Sendable, Equatable {
    var events: [FolderEvent] = []
    var overflowed = false
    /// Something happened to the folder itself; whether its path still leads to it must be looked up.
    var mayBeGone = false
}

/// An inotify instance that watches one folder, and its name in the folder above.
///
/// Above, because a folder that is removed while we hold it open does not say so itself.
struct Inotify {
    let descriptor: Descriptor
    private let parentWatch: Int32
    private let name: [UInt8]
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(folder: KernelPath) throws(Errno) {
        let number = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
        guard number >= 0 else { throw Errno.last }
        descriptor = Descriptor(number)
        let wanted = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
        guard inotify_add_watch(number, folder.characters, UInt32(wanted)) >= 0 else { throw Errno.last }
        let above = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR
        // A folder above that is not ours to read leaves only the rescan to notice.
        parentWatch = folder.parent.map { inotify_add_watch(number, $0.characters, UInt32(above)) } ?? -1
        name = folder.component
    }

    /// Takes what the kernel has ready, at most one buffer full.
    mutating func read() throws(Errno) -> FolderNews {
        let count = try Kernel.readReady(descriptor, into: &buffer)
        return Self.news(in: buffer[..<count], parentWatch: parentWatch, name: name)
    }

    // struct inotify_event: wd, mask, cookie, len as little-endian 32-bit words (all machines that we run on), then len bytes of name
    // padded with NUL. The kernel never cuts an event in two.
    static func news(in bytes: ArraySlice<UInt8>, parentWatch: Int32 = -1, name own: [UInt8] = []) -> FolderNews {
        var news = FolderNews()
        var rest = bytes
        while rest.count >= 16 {
            let watch = Int32(bitPattern: word(rest, 0))
            let mask = word(rest, 4)
            let length = Int(word(rest, 12))
            let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
            rest = rest.dropFirst(16 + length)
            // The overflow belongs to no watch: its number is -1.
            if watch == parentWatch, watch >= 0 {
                if name.isEmpty || name.elementsEqual(own) { news.mayBeGone = true }
            } else {
                news.take(mask: mask, name: name)
            }
        }
        return news
    }

    private static func word(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt32 {
        var word: UInt32 = 0
        for index in 0..<4 {
            word |= UInt32(bytes[bytes.startIndex + offset + index]) << UInt32(8 * index)
        }
        return word
    }
}

extension FolderNews {
    fileprivate mutating func take(mask: UInt32, name: ArraySlice<UInt8>) {
        func has(_ bits: Int32) -> Bool { mask & UInt32(bits) != 0 }
        if has(IN_Q_OVERFLOW) {
            overflowed = true
        } else if has(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) {
            mayBeGone = true
        } else if let name = FileName(bytes: name) {
            if has(IN_MOVED_TO) {
                events.append(FolderEvent(kind: .arrived, name: name))
            } else if has(IN_CLOSE_WRITE) {
                events.append(FolderEvent(kind: .closed, name: name))
            } else if has(IN_CREATE) {
                events.append(FolderEvent(kind: .created, name: name))
            }
        }
    }
}
