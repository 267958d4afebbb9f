"""Counts allocations for each record: two filings, one twice the other, so that what is allocated once cancels out."""

import os
import pathlib
import tempfile

import convert
import corpora
from measuring import run

SIZES = (4, 8)


def counted(tools, path):
    with tempfile.TemporaryDirectory() as place:
        told = pathlib.Path(place) / "count"
        environment = os.environ | {"LD_PRELOAD": tools.count_allocations, "ALLOCATIONS": str(told)}
        run(convert.ours(tools, "allocations", path).command, environment=environment)
        calls, asked = told.read_text().split()
        return int(calls), int(asked)


def measure(tools, plain, say):
    """Calls and bytes for each record and each row, by kind of filing."""
    results = {}
    folders = [corpora.big(tools.corpora, size, plain) for size in SIZES]
    for kind in ("cases.xml", "cases.gb18030.xml", "roster.csv", "roster.gb18030.csv"):
        counts = [counted(tools, folder / kind) for folder in folders]
        summaries = [convert.summary_of(tools, folder / kind) for folder in folders]
        difference = {key: summaries[1][key] - summaries[0][key] for key in ("records", "rows", "findings")}
        calls, asked = counts[1][0] - counts[0][0], counts[1][1] - counts[0][1]
        results[kind] = {
            "perRecord": calls / difference["records"],
            "bytesPerRecord": asked / difference["records"],
            "perRow": calls / difference["rows"],
            "findingsPerRow": difference["findings"] / difference["rows"],
            "total": counts[1][0],
        }
        say(f"{kind}: {results[kind]['perRecord']:.3f} allocations for each record")
    return results
