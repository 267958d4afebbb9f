import FoundationEssentials
import Glibc

extension MappingFile {
    /// Reads the file of a code table; of one that is too big for a table only its size. Nil where it cannot be read.
    static func codeTable(at path: String) -> MappingFile? {
        var info = stat()
        if stat(path, &info) == 0, info.st_size > CodeTableReader.sizeLimit {
            var file = MappingFile(path: path, bytes: [])
            file.size = Int(info.st_size)
            return file
        }
        return FileManager.default.contents(atPath: path).map { MappingFile(path: path, bytes: Array($0)) }
    }
}
