import Foundation

/// A folder of its own for a test, removed when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        // Short, since the address of a socket has room for 107 bytes.
        path = FileManager.default.temporaryDirectory.appending(path: "qiao-\(UUID().uuidString.prefix(13))").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

    /// The paths of all files below, hidden ones left out, in order.
    func files(_ name: String = "") -> [String] {
        let root = name.isEmpty ? path : "\(path)/\(name)"
        let all = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
        return all.filter { item in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(root)/\(item)", isDirectory: &isFolder)
            return !isFolder.boolValue && !item.split(separator: "/").contains { $0.hasPrefix(".") }
        }.sorted()
    }
}
