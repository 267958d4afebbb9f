"""Turns what was measured into Markdown tables."""

from budgets import best

NAMES = {
    "xml": "`qiao convert`, cases, UTF-8",
    "xml-one-core": "the same, one core",
    "xml-file": "the same, to a file that is safe on disk",
    "xml-gb18030": "`qiao convert`, cases, GB18030",
    "xml-gb18030-one-core": "the same, one core",
    "csv": "`qiao convert`, roster, UTF-8",
    "csv-one-core": "the same, one core",
    "csv-file": "the same, to a file that is safe on disk",
    "csv-gb18030": "`qiao convert`, roster, GB18030",
    "csv-gb18030-one-core": "the same, one core",
    "xmllint": "`xmllint --stream --noout`, cases",
    "duckdb": "DuckDB `read_csv`, one thread, roster",
    "lxml": "Python, lxml and protobuf, cases",
    "python-csv": "Python, csv and protobuf, roster",
    "floor": "C written for this one form, roster",
}
ORDER = (
    "xml",
    "xml-one-core",
    "xml-file",
    "xml-gb18030",
    "xml-gb18030-one-core",
    "xmllint",
    "lxml",
    "csv",
    "csv-one-core",
    "csv-file",
    "csv-gb18030",
    "csv-gb18030-one-core",
    "duckdb",
    "python-csv",
    "floor",
)
DOES = {
    "xmllint": "well-formedness alone",
    "duckdb": "finds all cells, no checks, no output",
    "lxml": "all checks, the same records",
    "python-csv": "all checks, the same records",
    "floor": "as many bytes, hardly a check, see below",
}


def file_of(name):
    kind = "cases" if name.startswith("xml") or name == "lxml" else "roster"
    return f"{kind}{'.gb18030' if 'gb18030' in name else ''}.{'xml' if kind == 'cases' else 'csv'}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def budget_table(measured):
    rows = []
    for line in measured["budgets"]:
        unit, digits = line["unit"], 2 if line["figure"] < 10 else 1
        figure = f"{line['figure']:.{digits}f}{unit}"
        if line["stretchFigure"] != line["figure"]:
            figure += f" / {line['stretchFigure']:.{digits}f}{unit}"
        verdict = "stretch met" if line["met"] and line["stretchMet"] else "met" if line["met"] else "**not met**"
        rows.append(
            [
                line["work"],
                line["ours"],
                line["beside"],
                figure,
                f"{line['budget']:g}{unit}",
                f"{line['stretch']:g}{unit}",
                verdict,
            ]
        )
    return table(
        ["work", "Qiao (one core / all)", "beside", "figure (one core / all)", "budget", "stretch", "verdict"], rows
    )


def rate_table(measured):
    rows = []
    for name in (name for name in ORDER if name in measured["convert"]):
        job, filing = measured["convert"][name], measured["filings"][file_of(name)]
        spread = max(job["allSeconds"]) / job["seconds"] - 1
        rows.append(
            [
                NAMES[name],
                f"{job['size'] / 1e6:.0f}",
                f"{job['seconds']:.2f}",
                f"+{spread:.0%}",
                f"{job['megabytesPerSecond']:.0f}",
                "" if name in ("xmllint", "duckdb", "floor") else f"{filing['records'] / job['seconds']:,.0f}",
                f"{job['cpuSeconds']:.2f}",
                f"{job['peakMiB']:.0f}",
                DOES.get(name, "everything"),
            ]
        )
    return table(["program", "MB", "seconds", "worst", "MB/s", "records/s", "CPU s", "peak MiB", "does"], rows)


def big_table(measured):
    rows = []
    rosters = measured["daemon"]["rosters"]
    for kind, runs in [*measured["daemon"]["big"].items(), (f"{rosters[0]['filings']} rosters of it at once", rosters)]:
        done = best(runs, "acked")
        rows.append(
            [
                kind,
                f"{done['size'] / 1e6:.0f}",
                f"{done['records']:,}",
                f"{done['acked']:.2f}",
                f"{done['receipt']:.2f}",
                f"{done['size'] / done['acked'] / 1e6:.0f}",
                f"{done['cpuSeconds']:.2f}",
                f"{max(run['peakMiB'] for run in runs):.0f}",
                f"{done['journalBytes'] / 1e6:.0f}",
            ]
        )
    return table(
        ["`qiao serve`, filing", "MB", "records", "acked s", "receipt s", "MB/s", "CPU s", "peak MiB", "journal MB"],
        rows,
    )


def small_table(measured):
    rows = []
    for name, title in (("qiao", "`qiao serve`, with receipts"), ("python", "Python, inotify and SQLite, no receipts")):
        runs = measured["daemon"]["small"][name]
        burst, single = best(runs, "perSecond", lowest=False), best(runs, "p99")
        receipt = (
            f"{single['receiptP50'] / 1000:.2f} / {single['receiptP99'] / 1000:.2f}" if single["receiptP50"] else ""
        )
        rows.append(
            [
                title,
                f"{burst['perSecond']:,.0f}",
                f"{burst['cpuSeconds'] / burst['filings'] * 1e6:.0f}",
                f"{single['p50'] / 1000:.2f}",
                f"{single['p99'] / 1000:.2f}",
                f"{single['worst'] / 1000:.1f}",
                receipt,
                f"{max(run['peakMiB'] for run in runs):.0f}",
            ]
        )
    return table(
        ["daemon", "filings/s", "CPU µs each", "p50 ms", "p99 ms", "worst ms", "receipt p50 / p99 ms", "peak MiB"], rows
    )


def verify_table(measured):
    rows = []
    for name, job in measured["verify"]["jobs"].items():
        program, form = name.split("-", 1)
        title = "`qiao package verify`" if program == "verify" else "`openssl cms -verify`"
        rows.append(
            [
                f"{title}, {form.replace('-one-core', ', one core').replace('-', ' ')}",
                f"{job['size'] / 1e6:.0f}",
                f"{job['seconds']:.3f}",
                f"+{max(job['allSeconds']) / job['seconds'] - 1:.0%}",
                f"{job['megabytesPerSecond']:.0f}",
                f"{job['cpuSeconds']:.3f}",
                f"{job['peakMiB']:.0f}",
            ]
        )
    return table(["package", "MB", "seconds", "worst", "MB/s", "CPU s", "peak MiB"], rows)


def allocation_table(measured):
    rows = [
        [
            kind,
            f"{found['perRecord']:.3f}",
            f"{found['perRow']:.3f}",
            f"{found['bytesPerRecord']:,.0f}",
            f"{found['findingsPerRow']:.4f}",
        ]
        for kind, found in measured["allocations"].items()
    ]
    return table(
        ["filing", "allocations for each record", "for each row", "bytes for each record", "findings for each row"],
        rows,
    )


def markdown(measured):
    spelled = "values as a program writes them" if measured["plain"] else "values spelled as in the samples"
    median, slowest = measured["syncMilliseconds"]
    parts = [
        f"{measured['version']}, {measured['date']}. {measured['machine']}. "
        + (f"Filings of {measured['megabytes']} MB, {spelled}; " if "filings" in measured else "")
        + f"best of {measured['rounds']}. Appending 4 KiB and fdatasync: median {median:.2f} ms, p99 "
        f"{slowest:.2f} ms."
    ]
    if measured["budgets"]:
        parts.append(budget_table(measured))
    if "convert" in measured:
        parts.append(rate_table(measured))
    if "agreement" in measured:
        parts.append(
            "Records that Python and Qiao write the same, on 2 MB: "
            + ", ".join(
                f"{found['same']:,} of {found['of']:,} ({kind})" for kind, found in measured["agreement"].items()
            )
            + "."
        )
    if "daemon" in measured:
        parts += [big_table(measured), small_table(measured)]
    if "allocations" in measured:
        parts.append(allocation_table(measured))
    if "verify" in measured:
        parts.append(verify_table(measured))
    return "\n\n".join(parts)
