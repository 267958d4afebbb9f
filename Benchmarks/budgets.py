"""Sets what was measured beside the budgets of the design: says what was met, asserts nothing."""


def best(runs, key, lowest=True):
    return (min if lowest else max)(runs, key=lambda run: run[key])


def entry(work, ours, beside, figure, budget, stretch, unit="×", more_is_better=True, stretch_figure=None):
    """A line of the budget table. `stretch_figure` is the figure with all cores, where the budget is for one."""
    met = (lambda value, bound: value >= bound) if more_is_better else (lambda value, bound: value <= bound)
    other = figure if stretch_figure is None else stretch_figure
    reached = max(figure, other) if more_is_better else min(figure, other)
    return {
        "work": work,
        "ours": ours,
        "beside": beside,
        "figure": figure,
        "stretchFigure": other,
        "unit": unit,
        "budget": budget,
        "stretch": stretch,
        "met": met(figure, budget),
        "stretchMet": met(reached, stretch),
    }


def budgets(measured):
    """A line for each budget of which both sides were measured."""
    lines = []
    if "convert" in measured:
        lines += convert_budgets(measured)
    if "daemon" in measured:
        lines += daemon_budgets(measured)
    if "verify" in measured:
        lines += verify_budgets(measured["verify"])
    return lines


def convert_budgets(measured):
    rates = {name: job["megabytesPerSecond"] for name, job in measured["convert"].items()}
    lines = []

    def beside(work, name, peer, budget, stretch):
        if peer in rates:
            lines.append(
                entry(
                    work,
                    f"{rates[name + '-one-core']:.0f} / {rates[name]:.0f} MB/s",
                    f"{rates[peer]:.0f} MB/s",
                    rates[name + "-one-core"] / rates[peer],
                    budget,
                    stretch,
                    stretch_figure=rates[name] / rates[peer],
                )
            )

    beside("XML beside `xmllint`", "xml", "xmllint", 2, 4)
    beside("CSV beside DuckDB", "csv", "duckdb", 1, 2)
    for kind in ("xml", "csv"):
        lines.append(
            entry(
                f"{kind.upper()} in GB18030 beside UTF-8",
                f"{rates[kind + '-gb18030-one-core']:.0f} / {rates[kind + '-gb18030']:.0f} MB/s",
                f"{rates[kind + '-one-core']:.0f} / {rates[kind]:.0f} MB/s",
                rates[kind + "-gb18030-one-core"] / rates[kind + "-one-core"],
                0.7,
                1,
                stretch_figure=rates[kind + "-gb18030"] / rates[kind],
            )
        )
    beside("XML beside Python", "xml", "lxml", 10, 20)
    beside("CSV beside Python", "csv", "python-csv", 17, 34)
    for kind, name, peer in (("XML", "xml", "lxml"), ("CSV", "csv", "python-csv")):
        ours = [job for job in measured["convert"] if job.startswith(name)]
        peak = max(measured["convert"][job]["peakMiB"] for job in ours)
        other = f"{measured['convert'][peer]['peakMiB']:.0f} MiB" if peer in rates else ""
        lines.append(
            entry(
                f"peak memory, {measured['megabytes']} MB of {kind}",
                f"{peak:.1f} MiB",
                other,
                peak,
                48,
                24,
                " MiB",
                more_is_better=False,
            )
        )
    return lines


def daemon_budgets(measured):
    lines, results = [], measured["daemon"]
    for kind, name in (("cases.xml", "xml"), ("roster.csv", "csv")):
        done = best(results["big"][kind], "acked")
        rate = done["size"] / done["acked"] / 1e6
        if "convert" in measured:
            own = measured["convert"][name]["megabytesPerSecond"]
            lines.append(
                entry(
                    f"drop → every route acked, {kind}",
                    f"{rate:.0f} MB/s",
                    f"convert {own:.0f} MB/s",
                    rate / own,
                    0.5,
                    0.8,
                )
            )
    for kind in results["big"]:
        peak = max(run["peakMiB"] for run in results["big"][kind])
        lines.append(
            entry(f"the same, peak memory, {kind}", f"{peak:.1f} MiB", "", peak, 48, 24, " MiB", more_is_better=False)
        )
    ours, theirs = (best(results["small"][name], "perSecond", lowest=False) for name in ("qiao", "python"))
    lines.append(
        entry(
            f"{ours['filings']:,} small filings, durable, with receipts",
            f"{ours['perSecond']:,.0f}/s",
            f"{theirs['perSecond']:,.0f}/s",
            ours["perSecond"] / theirs["perSecond"],
            1,
            2,
        )
    )
    ours, theirs = (best(results["small"][name], "p99") for name in ("qiao", "python"))
    lines.append(
        entry(
            "one small filing, renamed in → acked, p99",
            f"{ours['p99'] / 1000:.2f} ms",
            f"{theirs['p99'] / 1000:.2f} ms",
            ours["p99"] / 1000,
            5,
            2,
            " ms",
            more_is_better=False,
        )
    )
    return lines


def verify_budgets(measured):
    lines, jobs = [], measured["jobs"]
    for form in ("detached", "attached", "attached-streamed"):
        one_core, ours, theirs = (
            jobs[name]["seconds"] for name in (f"verify-{form}-one-core", f"verify-{form}", f"openssl-{form}")
        )
        lines.append(
            entry(
                f"verify {measured['megabytes']} MB, {form.replace('-', ' ')}",
                f"{one_core:.2f} / {ours:.2f} s",
                f"`openssl cms` {theirs:.2f} s",
                one_core / theirs,
                1.2,
                0.8,
                "× its time",
                more_is_better=False,
                stretch_figure=ours / theirs,
            )
        )
    peak = max(job["peakMiB"] for name, job in jobs.items() if name.startswith("verify-"))
    other = max(job["peakMiB"] for name, job in jobs.items() if name.startswith("openssl-"))
    lines.append(
        entry(
            f"the same, peak memory, {measured['megabytes']} MB",
            f"{peak:.1f} MiB",
            f"{other:.0f} MiB",
            peak,
            64,
            64,
            " MiB",
            more_is_better=False,
        )
    )
    return lines
