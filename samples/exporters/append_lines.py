#!/usr/bin/env python3
"""A Qiao exporter in plain Python: appends records to a file of JSON lines, each with its position.

Usage: append_lines.py FILE

Lines are on disk before they are acknowledged, and after a crash it goes on behind the last complete line,
so that every record is in the file exactly once. docs/exporters.md describes the protocol.
"""
import json, os, select, sys


def say(**frame):
    print(json.dumps(frame), flush=True)


def last_position(file):
    """The position on the last complete line; what a crash left behind it is cut off."""
    end, position = 0, None
    for line in file:
        if line.endswith(b"\n"):
            end, position = end + len(line), json.loads(line)["position"]
    file.truncate(end)
    return position


def main(path):
    file = open(path, "a+b")
    file.seek(0)
    stdin = sys.stdin.buffer.raw
    pending, last, safe = b"", None, None

    def settle():
        nonlocal safe
        if last != safe:
            file.flush()
            os.fsync(file.fileno())
            safe = last
            say(ack={"position": safe})

    pending = stdin.readline()  # Start; nothing here needs it
    stored = last_position(file)
    ready = {"protocol": 1, "name": "append_lines.py", "version": "1", "encoding": "json"}
    say(ready=ready if stored is None else {**ready, "storedPosition": stored})
    pending = b""
    while block := stdin.read(1 << 16):
        *lines, pending = (pending + block).split(b"\n")
        for line in lines:
            name, frame = next(iter(json.loads(line).items()))
            if name == "record":
                file.write(json.dumps(frame, ensure_ascii=False).encode() + b"\n")
                last = frame["position"]
            elif name == "flush":
                settle()
            elif name == "stop":
                return settle()
        if not select.select([stdin], [], [], 0)[0]:
            settle()
    settle()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: append_lines.py FILE")
    main(sys.argv[1])
