import Glibc

/// What every exporter that is a program of its own does around its sink: options, help, exit status.
public struct ExporterProgram: Sendable {
    /// The program's name, which it also tells the gateway.
    public var name: String
    /// Its version.
    public var version: String
    /// What `--help` prints.
    public var help: String
    /// The names of its options, without dashes; they can stand in the route's settings too.
    public var options: [String]

    /// Describes a program.
    public init(name: String, version: String, help: String, options: [String]) {
        self.name = name
        self.version = version
        self.help = help
        self.options = options
    }

    /// Serves one session with the command line of this process, and exits.
    ///
    /// Exit status: 0 finished, 64 usage, 70 the gateway sent what is no frame, 74 anything that the sink throws.
    public func run<Sink: RecordSink>(_ makeSink: (ExporterOptions) throws -> Sink) -> Never {
        do {
            let options = try ExporterOptions(CommandLine.arguments.dropFirst(), known: options)
            if options.wantsHelp {
                print(help, terminator: "")
            } else if options.wantsVersion {
                print("\(name) \(version)")
            } else {
                var sink = try makeSink(options)
                var client = try ExporterClient()
                try client.run(&sink)
            }
            exit(0)
        } catch let error as ExporterOptions.UsageError {
            fail(64, "\(error)\nTry '\(name) --help'.")
        } catch let error as FrameError {
            fail(70, "standard input is not the exporter protocol: \(error)")
        } catch {
            fail(74, "\(error)")
        }
    }

    private func fail(_ status: Int32, _ message: String) -> Never {
        StandardStreams.complain("\(name): \(message)\n")
        exit(status)
    }
}
