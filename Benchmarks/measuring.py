"""Runs programs and tells what they took."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field


@dataclass
class Run:
    """One run of a program, waited for with wait4: the peak is of this process alone."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str


@dataclass
class Job:
    """A program to measure: what it reads, and how often it is to be compared."""

    name: str
    command: list
    size: int = 0
    one_core: bool = False
    # Whether the program prints its own time as JSON, without its start.
    tells_time: bool = False
    # The file that it writes; removed before and after each run, so that every run writes a new one.
    writes: pathlib.Path | None = None
    runs: list = field(default_factory=list)

    @property
    def best(self):
        return min(self.runs, key=lambda run: run.seconds)

    @property
    def rate(self):
        """MB/s of the best run; MB are 1,000,000 bytes of the file."""
        return self.size / self.best.seconds / 1e6

    def remove_output(self):
        if self.writes:
            self.writes.unlink(missing_ok=True)

    def told(self, key):
        try:
            return json.loads(self.best.output.strip().splitlines()[-1])[key]
        except (IndexError, KeyError, ValueError):
            return None

    def summary(self):
        best = self.best
        return {
            "name": self.name,
            "size": self.size,
            "seconds": best.seconds,
            "allSeconds": [run.seconds for run in self.runs],
            "megabytesPerSecond": self.rate,
            "cpuSeconds": best.cpu_seconds,
            "peakMiB": max(run.peak_mib for run in self.runs),
        }


def one_core():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run(command, pinned=False, environment=None, accepted=(0, 1)):
    """Runs a program to its end; exits with its last words when it fails.

    1 is accepted, since `qiao convert` says with it that rows were set aside.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=environment,
            preexec_fn=one_core if pinned else None,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
        if process.returncode not in accepted:
            sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{texts[1][-2000:]}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, texts[0] or texts[1])


def interleave(jobs, rounds, say):
    """Runs all jobs in turn, `rounds` times, so that what disturbs the machine disturbs all of them alike."""
    for number in range(rounds):
        for job in jobs:
            job.remove_output()
            done = run(job.command, pinned=job.one_core)
            job.remove_output()
            if job.tells_time:
                done.seconds = json.loads(done.output.strip().splitlines()[-1])["seconds"]
            job.runs.append(done)
            say(f"round {number + 1} of {rounds}: {job.name}: {done.seconds:.2f} s")


def warm(*paths):
    """Reads files once, so that all programs find them in memory."""
    for path in paths:
        with open(path, "rb", buffering=0) as source:
            while source.read(1 << 20):
                pass


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def sync_cost(folder, times=300):
    """Median and 99th percentile of appending 4 KiB and fdatasync, in milliseconds: a floor under durable work."""
    costs = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(times):
            start = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            costs.append((time.perf_counter() - start) * 1000)
    return percentile(costs, 0.5), percentile(costs, 0.99)


def machine():
    """What the figures were measured on, on one line."""
    model = "unknown processor"
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as lines:
        memory = int(lines.readline().split()[1]) / 1024 / 1024
    with open("/etc/os-release") as lines:
        system = next(
            (line.split("=")[1].strip().strip('"') for line in lines if line.startswith("PRETTY_NAME")), "Linux"
        )
    load = os.getloadavg()[0]
    hardware = f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB"
    return f"{hardware}, {system}, Linux {os.uname().release}, load {load:.1f} before"
