"""Measures verifying a signed package, and `openssl cms -verify` on the same files."""

import hashlib
import pathlib
import subprocess
import sys

from measuring import Job, interleave, run, warm

PKI = pathlib.Path(__file__).resolve().parent.parent / "samples" / "pki"
TEXT = PKI.parent / "yutai" / "yukuaiban-cases.xml"
MEGABYTES = 100
# The forms: what `openssl cms -sign` is told, and the file's ending.
FORMS = {
    "detached": (["-outform", "DER"], ".p7s"),
    "attached": (["-outform", "DER", "-nodetach"], ".p7m"),
    "attached-streamed": (["-outform", "DER", "-nodetach", "-stream"], ".p7m"),
}


def packages(folder, megabytes):
    """The folder of the packages of this size, made by openssl: a document, and it signed in each form."""
    folder = pathlib.Path(folder) / f"verify-{megabytes}"
    stamp = hashlib.sha256(pathlib.Path(__file__).read_bytes() + TEXT.read_bytes()).hexdigest()
    mark = folder / "stamp"
    if mark.exists() and mark.read_text() == stamp:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    text, size = TEXT.read_bytes(), megabytes * 1_000_000
    document = folder / "detached.xml"
    with open(document, "wb") as output:
        for start in range(0, size, len(text)):
            output.write(text[: size - start])
    signer = ["-signer", PKI / "certs/yutai-signer.crt", "-inkey", PKI / "keys/yutai-signer.key"]
    for form, (options, ending) in FORMS.items():
        command = ["openssl", "cms", "-sign", "-binary", "-md", "sha256", "-in", document, *signer]
        command += ["-certfile", PKI / "certs/test-ca.crt", *options, "-out", folder / f"{form}.xml{ending}"]
        subprocess.run(list(map(str, command)), check=True)
    mark.write_text(stamp)
    return folder


def jobs(tools, folder):
    """Our run and theirs of each form, by a short name: the same path, the same revocation lists on both sides."""
    listed = []
    size = (folder / "detached.xml").stat().st_size
    lists = [PKI / "crls/test-ca.crl", PKI / "crls/test-root.crl"]
    root = PKI / "certs/test-root.crt"
    for form, (_, ending) in FORMS.items():
        package = folder / f"{form}.xml{ending}"
        ours = [tools.qiao, "package", "verify", package, "--trust", root, "--revocation", "required"]
        for name in lists:
            ours += ["--crl", name]
        theirs = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", package, "-CAfile", folder / "trust.pem"]
        theirs += ["-crl_check_all", "-purpose", "any", "-out", "/dev/null"]
        if form == "detached":
            theirs += ["-content", folder / "detached.xml"]
        listed.append(Job(f"verify-{form}", list(map(str, ours)), size))
        listed.append(Job(f"verify-{form}-one-core", list(map(str, ours)), size, one_core=True))
        listed.append(Job(f"openssl-{form}", list(map(str, theirs)), size))
    # openssl takes its revocation lists from the file of its roots.
    (folder / "trust.pem").write_bytes(b"".join(path.read_bytes() for path in [root, *lists]))
    return listed


def measure(tools, megabytes, rounds, say):
    say(f"making signed packages of {megabytes} MB where they are not there yet")
    folder = packages(tools.corpora, megabytes)
    listed = jobs(tools, folder)
    warm(*folder.glob("*.p7?"), folder / "detached.xml")
    for job in listed:
        run(job.command, accepted=(0,))
    interleave(listed, rounds, say)
    return {"megabytes": megabytes, "jobs": {job.name: job.summary() for job in listed}}


def main(arguments):
    if not arguments:
        print("Benchmarks/verify.py FOLDER [MEGABYTES]  makes the packages alone", file=sys.stderr)
        return 64
    print(packages(arguments[0], int(arguments[1]) if len(arguments) > 1 else MEGABYTES))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
