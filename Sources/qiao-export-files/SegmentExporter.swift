import ExporterProtocol

/// Writes records to a folder of length-delimited segments.
@main
enum SegmentExporter {
    static let name = "qiao-export-files"
    static let version = "0.1.0"

    static let help = """
        Usage: qiao-export-files [--folder DIR] [--size BYTES] [--records NUMBER] [--age SECONDS]

        An exporter of Qiao: the gateway runs it, and it writes records to a folder of segments,

            records-00000000000000000001-00000000000000002225.pb

        named by the first and the last position in them. A segment is length-delimited protobuf: a varint length,
        a qiao.records.v1.Record, repeated; 'qiao records' reads it. A segment is complete or absent, never half:
        records are acknowledged when it is on disk under its name. After a crash the exporter goes on behind the
        last segment, so that every record is in the folder exactly once.

        A segment ends when any of these is reached, when the gateway asks, and when the exporter stops:

          --folder DIR      where the segments go; created where it is missing
          --size BYTES      its size, such as 4M (default 4M; at most half of the gateway's window)
          --records NUMBER  its number of records (default: half of the gateway's window)
          --age SECONDS     the time since its first record (default 1)
          --version         print the version
          --help            print this

        Options can also stand in the route's settings, without the dashes. Exit status: 0 finished, 64 usage,
        70 the gateway sent what is no frame, 74 a segment could not be written.

        Example, in qiao.yaml:

            exporter: [qiao-export-files, --folder, /var/lib/qiao/out/segments, --age, "10"]

        """

    static func main() {
        let program = ExporterProgram(
            name: name, version: version, help: help, options: ["folder", "size", "records", "age"])
        program.run { SegmentSink(options: $0) }
    }
}
