"""Measures converting a big filing, and the peers on the same file."""

import json
import pathlib
import sys
import tempfile

import corpora
from measuring import Job, interleave, run, warm


def ours(tools, name, path, one_core=False, output=None):
    """Converting a filing; the records go to the null device, which forgets them, or to a file."""
    command = [
        tools.qiao,
        "convert",
        str(path),
        "--mappings",
        tools.mappings,
        "--to",
        "protobuf",
        "-o",
        str(output or "/dev/null"),
        "--json",
    ]
    return Job(name, command, path.stat().st_size, one_core, writes=output)


def python_converter(tools, kind, path):
    """The command of a Python converter, without its output."""
    return [tools.python, str(tools.peers / f"{kind}_converter.py"), str(path)]


def jobs(tools, folder, place, peers):
    """All programs to run, by a short name; `place` is for what they write."""
    cases, roster = folder / "cases.xml", folder / "roster.csv"
    wide_cases, wide_roster = folder / "cases.gb18030.xml", folder / "roster.gb18030.csv"
    listed = [
        ours(tools, "xml", cases),
        ours(tools, "xml-one-core", cases, one_core=True),
        ours(tools, "xml-file", cases, output=place / "cases.binpb"),
        ours(tools, "xml-gb18030", wide_cases),
        ours(tools, "xml-gb18030-one-core", wide_cases, one_core=True),
        ours(tools, "csv", roster),
        ours(tools, "csv-one-core", roster, one_core=True),
        ours(tools, "csv-file", roster, output=place / "roster.binpb"),
        ours(tools, "csv-gb18030", wide_roster),
        ours(tools, "csv-gb18030-one-core", wide_roster, one_core=True),
    ]
    if peers:
        listed += [
            Job("xmllint", ["xmllint", "--stream", "--noout", "--huge", str(cases)], cases.stat().st_size),
            Job(
                "duckdb",
                [tools.python, str(tools.peers / "duckdb_scan.py"), str(roster)],
                roster.stat().st_size,
                tells_time=True,
            ),
            Job("lxml", [*python_converter(tools, "cases", cases), "/dev/null"], cases.stat().st_size),
            Job("python-csv", [*python_converter(tools, "roster", roster), "/dev/null"], roster.stat().st_size),
        ]
        if tools.roster_floor:
            listed.append(Job("floor", [tools.roster_floor, str(roster)], roster.stat().st_size))
    return listed


def measure(tools, folder, rounds, peers, say):
    with tempfile.TemporaryDirectory(dir=tools.corpora) as place:
        listed = jobs(tools, folder, pathlib.Path(place), peers)
        warm(*folder.glob("*.*"))
        interleave(listed, rounds, say)
    return listed


def summary_of(tools, path):
    """What `qiao convert` counts in a filing: records, rows set aside, findings."""
    done = run(ours(tools, "summary", path).command)
    counted = json.loads(done.output.strip().splitlines()[-1])
    if counted["rejected"]:
        sys.exit(f"{path} is rejected by qiao convert, so there is nothing to measure:\n{done.output}")
    return {
        "records": sum(counted["records"].values()),
        "rows": counted["rowsRead"],
        "setAside": counted["rowsSetAside"],
        "findings": sum(counted["findings"].values()),
    }


def agreement(tools, plain):
    """Whether the Python converters write the same records as we do, on 2 MB: they are no easier on themselves."""
    folder = corpora.big(tools.corpora, 2, plain)
    found = {}
    for kind, path in (("cases", folder / "cases.xml"), ("roster", folder / "roster.csv")):
        with tempfile.TemporaryDirectory() as place:
            one, other = pathlib.Path(place) / "ours", pathlib.Path(place) / "theirs"
            run([tools.qiao, "convert", str(path), "--mappings", tools.mappings, "--to", "protobuf", "-o", str(one)])
            run([*python_converter(tools, kind, path), str(other)])
            done = run([tools.python, str(tools.peers / "compare_records.py"), str(one), str(other)])
            found[path.name] = json.loads(done.output)
    return found
