#!/usr/bin/env python3
# The shortest exporter that is safe: appends each record to a file, syncs it, acknowledges.
import json, os, sys

sys.stdin.readline()  # Start
print('{"ready":{"protocol":1,"name":"ten_lines.py","encoding":"json"}}', flush=True)
with open(sys.argv[1], "a") as file:
    for name, frame in (next(iter(json.loads(line).items())) for line in sys.stdin):
        if name == "record":
            print(json.dumps(frame["record"], ensure_ascii=False), file=file, flush=True)
            os.fsync(file.fileno())
            print(json.dumps({"ack": {"position": frame["position"]}}), flush=True)
        elif name == "stop":
            break
