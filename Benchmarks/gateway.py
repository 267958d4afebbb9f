"""A gateway of the real binary in a folder of its own, whose exporter keeps nothing, and what can be seen of it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "peers"))
import inotify  # noqa: E402

SETTINGS = """\
state: {root}/state
mappings: {mappings}
sources:
  bench:
    inbound: {root}/in
    receipts: {root}/receipts
    completion: rename
    mappings: [{mapping}]
routes:
  sink:
    exporter: [{exporter}, {root}/reports]
"""
PATIENCE = 900


class Reports:
    """Lines that a program writes into a FIFO: a time, then counts. The newest is kept, and waited for."""

    def __init__(self, path):
        os.mkfifo(path)
        # Open for both, so that the FIFO has no end while a program is started again.
        self.descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self.changed = threading.Condition()
        self.time = self.count = 0
        self.is_ready = False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        rest = b""
        while True:
            *lines, rest = (rest + os.read(self.descriptor, 1 << 16)).split(b"\n")
            if not lines:
                continue
            with self.changed:
                if lines[0].startswith(b"ready"):
                    self.is_ready = True
                    lines = lines[1:]
                if lines:
                    parts = lines[-1].split()
                    self.time, self.count = int(parts[0]), int(parts[1])
                self.changed.notify_all()

    def wait(self, count, why, patience=PATIENCE):
        """The time at which `count` was reached or passed."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.count >= count, timeout=patience):
                why(f"{self.count} of {count} after {patience} s")
            return self.time

    def wait_ready(self, why):
        with self.changed:
            if not self.changed.wait_for(lambda: self.is_ready, timeout=60):
                why("it is not ready after 60 s")


class Receipts:
    """Counts the receipts that appear in a folder, and notes when the last came."""

    def __init__(self, folder):
        self.watch = inotify.Watch(folder)
        self.changed = threading.Condition()
        self.time = self.count = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            came = sum(name.endswith(".receipt.xml") for name in self.watch.names())
            now = time.monotonic_ns()
            if came:
                with self.changed:
                    self.count += came
                    self.time = now
                    self.changed.notify_all()

    def wait(self, count, why, patience=PATIENCE):
        with self.changed:
            if not self.changed.wait_for(lambda: self.count >= count, timeout=patience):
                why(f"{self.count} of {count} receipts after {patience} s")
            return self.time


class Program:
    """A daemon in a temporary folder; a `with` ends it and removes the folder."""

    def __init__(self, tools):
        self.tools = tools
        tools.corpora.mkdir(parents=True, exist_ok=True)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=tools.corpora))
        self.reports = Reports(self.root / "reports")
        self.process = None

    def start(self, command):
        self.log = open(self.root / "log", "w")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.remove()

    def end(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                print("the daemon did not end within 60 s of SIGTERM and was killed", file=sys.stderr)
                self.process.kill()
                self.process.wait()
            self.process = None

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def fail(self, what):
        log = (self.root / "log").read_text().splitlines()[-15:]
        sys.exit("\n".join([f"the daemon does not get on: {what}", *log]))

    def stage(self, files):
        """Copies files beside the inbound folder, on its file system, to be renamed into it."""
        staging = self.root / "staging"
        staging.mkdir(exist_ok=True)
        for file in files:
            shutil.copyfile(file, staging / file.name)
        return [(str(staging / file.name), str(self.root / "in" / file.name)) for file in files]

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_mib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return 0.0


class Gateway(Program):
    """`qiao serve` with one source and one route, all else as it comes."""

    def __init__(self, tools, mapping):
        super().__init__(tools)
        for name in ("in", "receipts"):
            (self.root / name).mkdir()
        self.receipts = Receipts(self.root / "receipts")
        settings = self.root / "qiao.yaml"
        settings.write_text(
            SETTINGS.format(root=self.root, mappings=tools.mappings, mapping=mapping, exporter=tools.null_exporter)
        )
        self.settings = str(settings)
        self.start([tools.qiao, "serve", "--config", self.settings])
        deadline = time.monotonic() + 60
        while True:
            log = (self.root / "log").read_text()
            if "Exporter is ready" in log and "folder is watched" in log:
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.fail("it is not ready")
            time.sleep(0.02)

    def records(self):
        """How many records are in the journal."""
        status = subprocess.run(
            [self.tools.qiao, "status", "--config", self.settings, "--json"], check=True, capture_output=True
        )
        return json.loads(status.stdout)["records"]

    def journal_files(self):
        """The database with its log, and the files of big filings beside it."""
        state = self.root / "state"
        return [*state.glob("journal.sqlite"), *state.glob("journal.sqlite-wal"), *state.glob("journal.sqlite-chunks/*")]


class PythonDaemon(Program):
    """The peer: it reports commits as the null exporter reports records."""

    def __init__(self, tools):
        super().__init__(tools)
        self.start([tools.python, str(tools.peers / "inotify_daemon.py"), str(self.root), str(self.root / "reports")])
        self.reports.wait_ready(self.fail)
