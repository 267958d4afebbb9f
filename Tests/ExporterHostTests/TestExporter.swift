import ExporterHost
import ExporterProtocol
import Foundation

/// A folder that goes away with the test, and exporters of a few lines of Python in it.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "qiao-exporters-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// What every test exporter begins with. `first` is true in the first run of the script only.
    private static let preamble = """
        import json, os, signal, sys, time
        mark = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mark")
        first = not os.path.exists(mark)
        open(mark, "w").close()
        def say(**frame):
            print(json.dumps(frame), flush=True)
        def frames():
            for line in sys.stdin:
                frame = json.loads(line)
                yield next(iter(frame)), next(iter(frame.values()))
        def hear():
            return json.loads(sys.stdin.readline())["start"]
        def ready(**more):
            say(ready={"protocol": 1, "name": "test", "version": "0", "encoding": "json", **more})
        def serve():
            for name, frame in frames():
                if name == "record":
                    say(ack={"position": frame["position"]})
                if name == "stop":
                    break
        def begin(**more):
            global start
            start = hear()
            ready(**more)

        """

    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    /// A command that runs these lines of Python after the preamble.
    func python(_ body: String) throws -> ExporterCommand {
        ExporterCommand("python3", [try write(Self.preamble + body + "\n", to: "exporter.py")])
    }

    /// A route to such an exporter, with short times.
    func route(_ body: String, change: (inout ExporterRoute) -> Void = { _ in }) throws -> ExporterRoute {
        TestRoute.make(try python(body), change: change)
    }
}

/// Routes with times that suit a test.
enum TestRoute {
    static func make(_ command: ExporterCommand, change: (inout ExporterRoute) -> Void = { _ in }) -> ExporterRoute {
        var route = ExporterRoute(name: "test", command: command)
        route.rules.handshakeTimeout = .seconds(20)
        route.rules.silenceTimeout = .seconds(20)
        route.rules.flushAfter = .milliseconds(50)
        route.teardown.stop = .seconds(20)
        route.teardown.close = .milliseconds(200)
        route.teardown.terminate = .milliseconds(200)
        route.restarts.initialDelay = .milliseconds(1)
        route.restarts.maximumDelay = .milliseconds(4)
        route.restarts.failuresBeforeParking = 3
        route.restarts.parkedInterval = .seconds(3600)
        change(&route)
        return route
    }
}

/// The programs of this package, beside the test runner.
enum Programs {
    static func command(_ name: String, _ arguments: [String]) throws -> ExporterCommand {
        ExporterCommand(try folder() + "/" + name, arguments)
    }

    private static func folder() throws -> String {
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: runner).deletingLastPathComponent().path
    }
}
