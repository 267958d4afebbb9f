import Foundation

/// The folder of mappings of the project that this package lies in.
public enum ShippedMappings {
    /// Its path, from the place of this file.
    public static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "mappings").path
}
