"""Measures the gateway as a daemon, and a small Python one beside it."""

import contextlib
import os
import time

import corpora
from gateway import Gateway, PythonDaemon
from measuring import percentile, warm

ROSTER, CASES = "yutai.liangzhang-roster", "yutai.yukuaiban-cases"
# Seconds of rest between single filings, so that each meets an idle daemon.
PAUSE = 0.005
WARM_UP = 20


def drop(tools, files, mapping, records=None):
    """Seconds from the drop of big filings until their last record is acknowledged, and until all receipts are there.

    How many `records` there are is asked of the gateway where it is not known.
    """
    with Gateway(tools, mapping) as gateway:
        moves = gateway.stage(files)
        warm(*(staged for staged, _ in moves))
        cpu = gateway.cpu_seconds()
        dropped = time.monotonic_ns()
        for staged, inbound in moves:
            os.rename(staged, inbound)
        if records is None:
            gateway.receipts.wait(len(files), gateway.fail)
            records = gateway.records()
        acked = gateway.reports.wait(records, gateway.fail)
        answered = gateway.receipts.wait(len(files), gateway.fail)
        journal = sum(file.stat().st_size for file in gateway.journal_files())
        return {
            "acked": (acked - dropped) / 1e9,
            "receipt": (answered - dropped) / 1e9,
            "size": sum(os.path.getsize(file) for file in files),
            "cpuSeconds": gateway.cpu_seconds() - cpu,
            "peakMiB": gateway.peak_mib(),
            "records": records,
            "journalBytes": journal,
        }


def flood(program, files):
    """Drops all files one after the other; seconds until the last is durable (and acknowledged and answered)."""
    moves = program.stage(files)
    cpu = program.cpu_seconds()
    start = time.monotonic_ns()
    for staged, inbound in moves:
        os.rename(staged, inbound)
    dropped = time.monotonic_ns()
    end = program.reports.wait(len(files), program.fail)
    if isinstance(program, Gateway):
        end = max(end, program.receipts.wait(len(files), program.fail))
    return {
        "filings": len(files),
        "seconds": (end - start) / 1e9,
        "dropSeconds": (dropped - start) / 1e9,
        "cpuSeconds": program.cpu_seconds() - cpu,
    }


def trickle(program, files):
    """Drops files one by one; microseconds until each is acknowledged or committed, and until its receipt is there."""
    acked, answered = [], []
    count = program.reports.count
    receipts = program.receipts.count if isinstance(program, Gateway) else 0
    for index, (staged, inbound) in enumerate(program.stage(files)):
        time.sleep(PAUSE)
        start = time.monotonic_ns()
        os.rename(staged, inbound)
        acked.append((program.reports.wait(count + index + 1, program.fail) - start) / 1e3)
        if isinstance(program, Gateway):
            answered.append((program.receipts.wait(receipts + index + 1, program.fail) - start) / 1e3)
    return acked[WARM_UP:], answered[WARM_UP:]


def small_filings(tools, rounds, filings, singles, say):
    """Floods and trickles of both daemons in turn: the same files, each time from nothing.

    The folders are removed at the very end: for half a minute ext4 steps over inodes that were just deleted, which
    makes new files dear, and the receipts of the next round are new files.
    """
    files = sorted(corpora.small(tools.corpora).glob("*.xml"))
    burst, single = files[:filings], files[filings : filings + singles + WARM_UP]
    results = {"qiao": [], "python": []}
    with contextlib.ExitStack() as ended:
        for number in range(rounds):
            for name in results:
                program = Gateway(tools, CASES) if name == "qiao" else PythonDaemon(tools)
                ended.callback(program.remove)
                ended.callback(program.end)
                done = small_round(program, burst, single)
                program.end()
                results[name].append(done)
                alone = f"one alone p99 {done['p99'] / 1000:.2f} ms"
                say(f"round {number + 1} of {rounds}: {name}: {done['perSecond']:.0f} small filings/s, {alone}")
    return results


def small_round(program, burst, single):
    done = flood(program, burst)
    acked, answered = trickle(program, single)
    return done | {
        "p50": percentile(acked, 0.5),
        "p99": percentile(acked, 0.99),
        "worst": max(acked),
        "receiptP50": percentile(answered, 0.5) if answered else None,
        "receiptP99": percentile(answered, 0.99) if answered else None,
        "peakMiB": program.peak_mib(),
        "perSecond": done["filings"] / done["seconds"],
        "singles": len(acked),
    }


def measure(tools, folder, rounds, records, filings, singles, say):
    """Everything about daemons; `records` are those of the big filings, as `qiao convert` counts them."""
    results = {"big": {}, "rosters": []}
    rosters = sorted(corpora.rosters(folder).glob("*.csv"))
    for number in range(rounds):
        for kind, mapping in (("cases.xml", CASES), ("roster.csv", ROSTER)):
            done = drop(tools, [folder / kind], mapping, records[kind])
            say(f"round {number + 1} of {rounds}: drop → acked, {kind}: {done['acked']:.2f} s")
            results["big"].setdefault(kind, []).append(done)
        done = drop(tools, rosters, ROSTER)
        say(f"round {number + 1} of {rounds}: drop → acked, {len(rosters)} rosters at once: {done['acked']:.2f} s")
        results["rosters"].append(done | {"filings": len(rosters)})
    results["small"] = small_filings(tools, rounds, filings, singles, say)
    return results
