import ArgumentParser
import CanonicalRecords
import Foundation
import Glibc

struct RecordsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "Prints a delimited record stream as JSON lines; sensitive fields are masked.",
        discussion: """
            EXAMPLES
              qiao records cases.binpb | jq .case.number
              qiao records segment-*.binpb --reveal
              cat cases.binpb | qiao records -
            """)

    @Argument(help: "Files of length-delimited records; - reads stdin.") var files: [FileArgument]
    @Flag(help: "Shows sensitive fields as they are.") var reveal = false

    func run() async throws {
        for file in files {
            try print(file)
        }
    }

    private func print(_ file: FileArgument) throws {
        let descriptor = file.isStandardStream ? STDIN_FILENO : open(file.path, O_RDONLY | O_CLOEXEC)
        let name = file.isStandardStream ? "stdin" : file.displayed
        guard descriptor >= 0 else {
            throw CommandFailure(.inputOutput, "\(name) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var reader = DelimitedRecordReader()
        var block = [UInt8](repeating: 0, count: 1 << 18)
        var lines: [UInt8] = []
        let json = RecordJSON()
        while true {
            let count = read(descriptor, &block, block.count)
            guard count >= 0 else {
                throw CommandFailure(.inputOutput, "\(name) cannot be read: \(String(cString: strerror(errno)))")
            }
            guard count > 0 else { break }
            reader.append(block.span.extracting(0..<count))
            do {
                while try reader.next() {
                    try json.append(reader.record, to: &lines, revealing: reveal)
                    lines.append(UInt8(ascii: "\n"))
                }
            } catch {
                try flush(&lines)
                throw CommandFailure(
                    .rejected,
                    "\(name) is not a stream of length-delimited records, at byte \(reader.offset): \(error). Was it written with --to protobuf?"
                )
            }
            try flush(&lines)
        }
        do {
            try reader.finish()
        } catch {
            throw CommandFailure(.rejected, "\(name) ends in the middle of a record: \(error)")
        }
    }

    private func flush(_ lines: inout [UInt8]) throws {
        guard Terminal.write(String(decoding: lines, as: UTF8.self), to: STDOUT_FILENO) else {
            throw CommandFailure(.inputOutput, "stdout cannot be written: \(String(cString: strerror(errno)))")
        }
        lines.removeAll(keepingCapacity: true)
    }
}
