import Testing

/// Exporters whose first run goes wrong, while the second one does not and delivers everything.
struct Mishap: Sendable, CustomTestStringConvertible {
    var name: String
    /// The code of the failure that the first run must end with.
    var code: String
    /// Lines of Python behind the preamble of ``TestFolder/python(_:)``.
    var body: String

    var testDescription: String { name }

    static let all = [
        Mishap(
            name: "killed", code: "exited",
            body: "begin()\nif first:\n    sys.stdin.readline()\n    os.kill(os.getpid(), 9)\nserve()"),
        Mishap(
            name: "exits with an error", code: "exited", body: "begin()\nif first:\n    sys.exit(3)\nserve()"),
        Mishap(name: "exits before Ready", code: "exited", body: "if first:\n    sys.exit(0)\nbegin()\nserve()"),
        Mishap(
            name: "hangs", code: "silent",
            body: "begin()\nif first:\n    for line in sys.stdin: pass\nserve()"),
        Mishap(
            name: "never reads its input", code: "silent",
            body: "begin()\nif first:\n    while True: time.sleep(60)\nserve()"),
        Mishap(
            name: "is stopped by a signal", code: "silent",
            body: "begin()\nif first:\n    os.kill(os.getpid(), signal.SIGSTOP)\nserve()"),
        Mishap(
            name: "talks but never acknowledges", code: "silent",
            body:
                "begin()\nif first:\n    while True:\n        say(log={'message': 'busy'})\n        time.sleep(0.05)\nserve()"
        ),
        Mishap(
            name: "says nothing at all", code: "handshake-timeout",
            body: "if first:\n    while True: time.sleep(60)\nbegin()\nserve()"),
        Mishap(
            name: "prints to its output", code: "garbage",
            body: "if first:\n    print('hello', flush=True)\nbegin()\nserve()"),
        Mishap(
            name: "prints after Ready", code: "garbage",
            body: "begin()\nif first:\n    print('got one', flush=True)\nserve()"),
        Mishap(
            name: "binary garbage", code: "garbage",
            body: """
                begin(encoding='protobuf' if first else 'json')
                if first:
                    sys.stdout.buffer.write(bytes([255]) * 64)
                    sys.stdout.flush()
                    time.sleep(60)
                serve()
                """),
        Mishap(
            name: "a giant line", code: "garbage",
            body: "begin()\nif first:\n    sys.stdout.write('x' * (2 << 20))\n    sys.stdout.flush()\nserve()"),
        Mishap(
            name: "a giant frame announced", code: "garbage",
            body: """
                begin(encoding='protobuf' if first else 'json')
                if first:
                    sys.stdout.buffer.write(bytes([255, 255, 255, 255, 7]))
                    sys.stdout.flush()
                    time.sleep(60)
                serve()
                """),
        Mishap(
            name: "acknowledges what was not sent", code: "protocol-violation",
            body: "begin()\nif first:\n    say(ack={'position': 999999})\nserve()"),
        Mishap(
            name: "acknowledges nothing", code: "protocol-violation",
            body: "begin()\nif first:\n    say(ack={})\nserve()"),
        Mishap(
            name: "goes back", code: "protocol-violation",
            body: """
                begin()
                for name, frame in frames():
                    if name == 'stop': break
                    if name != 'record': continue
                    say(ack={'position': frame['position']})
                    if first and int(frame['position']) == 5: say(ack={'position': '2'})
                """),
        Mishap(
            name: "acknowledges before Ready", code: "protocol-violation",
            body: "if first:\n    say(ack={'position': 1})\nbegin()\nserve()"),
        Mishap(
            name: "closes its output and lives on", code: "exited",
            body: "begin()\nif first:\n    os.close(1)\n    while True: time.sleep(60)\nserve()"),
        Mishap(
            name: "closes its input and lives on", code: "exited",
            body: "begin()\nif first:\n    os.close(0)\n    while True: time.sleep(60)\nserve()"),
        Mishap(
            name: "asks for a record again", code: "retry-later",
            body: """
                begin()
                for name, frame in frames():
                    if name == 'stop': break
                    if name != 'record': continue
                    if first and int(frame['position']) == 5:
                        say(reject={'position': 5, 'reason': 'later', 'retry': True})
                    else:
                        say(ack={'position': frame['position']})
                """),
    ]
}
