#!/usr/bin/env python3
"""Counts how many records of two delimited streams are the same: prints `{"same": …, "of": …}`.

    compare_records.py ONE OTHER

Left out are the ids, since the converters use another keyed hash, and the version of the mapping.
"""

import itertools
import json
import sys

import checks


def records(path):
    with open(path, "rb") as source:
        data = source.read()
    at = 0
    while at < len(data):
        length = shift = 0
        while True:
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        record = checks.Record.FromString(data[at : at + length])
        at += length
        record.provenance.ClearField("id")
        record.provenance.ClearField("mapping_version")
        if record.HasField("role_assignment"):
            record.role_assignment.ClearField("person")
            record.role_assignment.ClearField("place")
        yield record


def main(one, other):
    same = of = 0
    for left, right in itertools.zip_longest(records(one), records(other)):
        of += 1
        same += left == right
    print(json.dumps({"same": same, "of": of}))


if __name__ == "__main__":
    main(*sys.argv[1:])
