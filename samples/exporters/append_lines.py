#!/usr/bin/env python3
"""A Qiao exporter in plain Python: appends records to a file of JSON lines, each with its position.

Usage: append_lines.py FILE

Lines are on disk before they are acknowledged, and after a crash it goes on behind the last complete line,
so that every record is in the file exactly once. docs/exporters.md describes the protocol.
"""
import json, os, select, sys


def say(**frame):
    print(json.dumps(frame), flush=True)


def last_line(file):
    """What the last complete line says; what a crash left behind it is cut off."""
    end, last = 0, None
    for line in file:
        if line.endswith(b"\n"):
            end, last = end + len(line), json.loads(line)
    file.truncate(end)
    return last


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

    epoch = json.loads(stdin.readline())["start"].get("epoch", "")
    stored = last_line(file)
    ready = {"protocol": 1, "name": "append_lines.py", "version": "1", "encoding": "json"}
    if stored:
        ready |= {"storedPosition": stored["position"], "storedEpoch": stored.get("epoch", "")}
    say(ready=ready)
    while block := stdin.read(1 << 16):
        *lines, pending = (pending + block).split(b"\n")
        for line in lines:
            name, frame = next(iter(json.loads(line).items()))
            if name == "record":
                file.write(json.dumps({"epoch": epoch, **frame}, ensure_ascii=False).encode() + b"\n")
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
