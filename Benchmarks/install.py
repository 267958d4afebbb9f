"""Puts what the measurements need into Benchmarks/.venv and Benchmarks/.build, and tells where it is."""

import os
import pathlib
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PACKAGES = ("duckdb", "lxml", "protobuf")


@dataclass
class Tools:
    """Paths of everything that is run."""

    qiao: str
    python: str
    null_exporter: str
    count_allocations: str
    # Nothing on processors whose instructions it does not use.
    roster_floor: str | None
    mappings: str = str(ROOT / "mappings")
    peers: pathlib.Path = HERE / "peers"
    corpora: pathlib.Path = HERE / "corpora"


def install():
    binaries = pathlib.Path(os.environ.get("QIAO_BIN", ROOT / ".build" / "release"))
    qiao = binaries / "qiao"
    if not os.access(qiao, os.X_OK):
        sys.exit(f"{qiao} is not built; run `make release` first, or name the folder of another build in QIAO_BIN")
    if shutil.which("xmllint") is None:
        debian("libxml2-utils")
    return Tools(
        str(qiao),
        virtual_environment(),
        compiled("null_exporter.c", "null_exporter"),
        compiled("count_allocations.c", "count_allocations.so", "-shared", "-fPIC"),
        compiled("roster_floor.c", "roster_floor", "-O3", "-lcrypto") if platform.machine() == "x86_64" else None,
    )


def virtual_environment():
    folder = HERE / ".venv"
    python = folder / "bin" / "python"
    mark = folder / "packages"
    if mark.exists() and mark.read_text().split() == list(PACKAGES):
        return str(python)
    print("Installing " + ", ".join(PACKAGES) + " into Benchmarks/.venv …", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True).returncode != 0:
        debian("python3-venv")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True
    )
    mark.write_text(" ".join(PACKAGES))
    return str(python)


def compiled(source, target, *options):
    folder = HERE / ".build"
    folder.mkdir(exist_ok=True)
    compiler = shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        sys.exit("A C compiler is needed: cc or clang")
    subprocess.run(
        [compiler, "-O2", "-Wall", "-Wextra", "-o", str(folder / target), str(HERE / "native" / source), *options],
        check=True,
    )
    return str(folder / target)


def debian(package):
    print(f"Installing {package} …", file=sys.stderr)
    privileged = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*privileged, "apt-get", "update", "-q"], check=True, stdout=sys.stderr)
    subprocess.run(
        [*privileged, "apt-get", "install", "-y", "-q", "--no-install-recommends", package],
        check=True,
        stdout=sys.stderr,
    )
