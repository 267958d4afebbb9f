import ExporterProtocol

/// Writes records to a file of JSON lines.
@main
enum JSONLinesExporter {
    static let name = "qiao-export-jsonl"
    static let version = "0.1.0"

    static let help = """
        Usage: qiao-export-jsonl [--output FILE] [--bare yes|no]

        An exporter of Qiao: the gateway runs it, and it appends records to a file of JSON lines,

            {"position":"12","epoch":"0b1e64f2a97c3d58","record":{"provenance":{…},"person":{…}}}

        Lines are on disk before they are acknowledged. After a crash it goes on behind the last complete line, so
        that every record is in the file exactly once. A file that is moved away (by logrotate, say) is begun anew.

          --output FILE   the file; folders above it are created. A pipe or terminal works, without the promises
          --bare yes      only the record on each line: no position, so a crash can leave a record twice
          --version       print the version
          --help          print this

        Options can also stand in the route's settings, without the dashes. Exit status: 0 finished, 64 usage,
        70 the gateway sent what is no frame, 74 the file could not be written.

        Example, in qiao.yaml:

            exporter: [qiao-export-jsonl, --output, /var/lib/qiao/out/records.jsonl]

        """

    static func main() {
        let program = ExporterProgram(name: name, version: version, help: help, options: ["output", "bare"])
        program.run { JSONLinesSink(options: $0) }
    }
}
