#!/usr/bin/env python3
"""Writes the documents that are measured: a roster and cases in the manner of the samples, as large as asked for.

    Benchmarks/corpora.py FOLDER [MEGABYTES] [--plain]

The words, spellings and slips are those of `samples/generate.py`, at the same odds: rows that are wrong beyond use
stand above the row that corrects them, a roster leaves cells blank that a merged cell above covers. With `--plain` all
values are spelled as a program would write them, and none is wrong. Nobody in these files exists; identity numbers are
distinct, with dates of birth in 1900-1910.

In FOLDER/MEGABYTES[-plain] come `roster.csv`, `roster.gb18030.csv`, `cases.xml`, `cases.gb18030.xml`; in FOLDER/small
come small filings of one case, about 2 KB each. What is there already is kept, unless another version of this script
wrote it.
"""

import hashlib
import importlib.util
import itertools
import pathlib
import random
import shutil
import sys
from datetime import date, timedelta

HERE = pathlib.Path(__file__).resolve()
SAMPLES = HERE.parent.parent / "samples" / "generate.py"
_specification = importlib.util.spec_from_file_location("sample_generator", SAMPLES)
samples = importlib.util.module_from_spec(_specification)
sys.dont_write_bytecode = True
_specification.loader.exec_module(samples)

SEED = 20261124
SMALL = 13_000
ROSTERS, ROWS, HEAD = 200, 2000, 3
DAYS, SEQUENCES = 4017, 986
AREAS = sorted(set(samples.AREAS))
KINDS = ("checksum",) * 10 + ("scientific",) * 4 + ("rounded",) * 3 + ("short", "short", "long") + ("date",) * 3 + (
    "officer", "officer", "masked", "role", "role")


class Quick(samples.Seeded):
    """The same draws at the speed of C; the same on each machine with the same Python."""

    def __init__(self, seed):
        self.draw = random.Random(seed).random

    def below(self, bound):
        return int(self.draw() * bound)


class Orderly(Quick):
    """Draws with which no slip happens; 120 and 400 are the odds of slips that the samples draw without `chance`."""

    def chance(self, one_in):
        return False

    def below(self, bound):
        return bound - 1 if bound in (120, 400) else super().below(bound)


def spelled_time(draws, moment, as_people_do=samples.spelled_time):
    """A program spells all times the same."""
    return moment.isoformat() + "+08:00" if isinstance(draws, Orderly) else as_people_do(draws, moment)


samples.spelled_time = spelled_time


def person(index):
    """Date of birth and identity number of person `index`: another one for each index below 43 million."""
    index = index * 7_654_321 % (len(AREAS) * DAYS * SEQUENCES)
    area, index = index % len(AREAS), index // len(AREAS)
    born = date(1900, 1, 1) + timedelta(days=index % DAYS)
    sequence = index // DAYS
    # No sequence ends in 00, which with a check of 0 is what a spreadsheet leaves of a number, or is above 995.
    body = f"{AREAS[area]}{born:%Y%m%d}{sequence // 99 * 100 + sequence % 99 + 1:03d}"
    return born, body + samples.check_character(body)


def roster_rows(count, seed, plain):
    """The lines of a roster of `count` posts."""
    draws = Orderly(seed) if plain else Quick(seed)
    people = samples.People(draws)
    blank = [""] * 16
    yield ["鱼台县城市社区小区“两长”（楼长、单元长）名册"] + blank
    yield ["填报单位：鱼台县“两长”工作办公室"] + [""] * 11 + ["填报日期：2026年11月20日"] + [""] * 4
    yield samples.HEADER
    above = ("", "", "")
    communities = [(town, community) for town, group in samples.COMMUNITIES for community in group]
    for index in range(count):
        # A community has some 300 posts, an estate 36, a building 4.
        town, community = communities[index // 300 % len(communities)]
        estate = samples.ESTATE_HEADS[index // 36 % 17] + samples.ESTATE_TAILS[index // 612 % 5]
        building = f"{index // 4 % 9 + 1}号楼"
        chief = index % 4 == 0
        born, number = person(index)
        started = date(2020, 1, 1) + timedelta(days=draws.below(2300))
        if above[0] and town != above[0] and not plain:
            yield [""] + blank
        place = (town, community, estate)
        row = [
            str(index + 1), *place, building, "" if chief else f"{index % 4}单元", people.name(),
            "男" if int(number[16]) % 2 else "女", born.isoformat(), "汉族",
            draws.pick(("中共党员", "群众", "共青团员")), draws.pick(("大专", "高中", "本科", "初中")), number,
            people.mobile(), "楼长" if chief else "单元长", started.isoformat(), "",
        ]
        if not plain:
            spell(draws, row, born, number, started, place == above)
            if draws.below(108) == 0:
                yield samples.wrong_row(draws.pick(KINDS), draws, row, number)
        yield row
        above = place
    yield ["合计", "", "", "", "", "", str(count)] + [""] * 10


def spell(draws, row, born, number, started, covered):
    """Writes the values of a row as people write them in the sample."""
    if covered:
        row[1] = row[2] = row[3] = ""
    if draws.chance(200):
        row[0] = samples.full_width(row[0])
    if draws.chance(50):
        row[4] = samples.full_width(row[4][:-2]) + "号楼"
    if len(row[6]) == 2 and draws.chance(25):
        row[6] = row[6][0] + "　" + row[6][1]
    row[8], row[15] = samples.spelled_date(draws, born), samples.spelled_date(draws, started)
    row[9] = draws.pick(("汉", "汉族", "回族", "蒙古族")) if draws.chance(12) else draws.pick(("汉族", "汉"))
    row[10] = draws.pick(("中共党员", "党员", "正式党员", "群众", "群众", "预备党员", "共青团员", "民盟盟员"))
    row[11] = draws.pick(("大专", "专科", "高中", "本科", "中专", "初中", "初中毕业", "小学", "研究生"))
    old_card = draws.chance(500)
    row[12] = number[:6] + number[8:17] if old_card else samples.spelled_identity_number(draws, number)
    row[13] = samples.spelled_mobile(draws, row[13])
    if draws.chance(9):
        row[16] = draws.pick(samples.REMARKS)
    samples.doubtful(draws, row, born, number)


def roster(count, seed, plain):
    for row in roster_rows(count, seed, plain):
        yield ",".join(map(samples.cell, row)) + "\r\n"


def cases(count, seed, plain, first=1):
    """The text of a document of `count` cases, numbered from `first`."""
    draws = Orderly(seed) if plain else Quick(seed)
    people = samples.People(draws)
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<a:appeals xmlns:a="urn:yutai:appeals:1" version="1.0">\n  <a:head>\n'
        '    <a:platform>鱼快办7900000融诉求平台</a:platform>\n    <a:period from="2026-01-01" to="2026-10-31"/>\n'
        f"    <a:count>{count}</a:count>\n  </a:head>\n  <a:body>\n"
    )
    for number in range(first, first + count):
        if not plain and draws.below(250) == 0:
            yield "\n".join(samples.case_lines(draws, people, None)) + "\n"
        yield "\n".join(samples.case_lines(draws, people, f"YKB2026{number:08d}")) + "\n"
    yield "  </a:body>\n</a:appeals>\n"


def write(path, make, size, plain):
    """Writes as many records as fill `size` bytes, in UTF-8 and in GB18030; the head names their count."""
    sample = sum(len(part.encode()) for part in make(4000, 1, plain))
    count = max(1, round(size * 4000 / sample))
    twin = path.with_suffix(".gb18030" + path.suffix)
    with (
        open(path, "w", encoding="utf-8", newline="") as utf8,
        open(twin, "w", encoding="gb18030", newline="") as gb18030,
    ):
        for part in make(count, SEED, plain):
            utf8.write(part)
            if part.startswith("<?xml"):
                part = part.replace("UTF-8", "GB18030", 1)
            gb18030.write(part)


def stamped(folder, build):
    """Calls `build` with an empty folder that becomes `folder`, unless this version of the scripts made it before."""
    stamp = hashlib.sha256(HERE.read_bytes() + SAMPLES.read_bytes()).hexdigest()
    mark = folder / "stamp"
    if mark.exists() and mark.read_text() == stamp:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build(folder)
    mark.write_text(stamp)


def big(folder, megabytes, plain=False):
    """The folder of the big filings of this size."""
    folder = pathlib.Path(folder) / (f"{megabytes}-plain" if plain else str(megabytes))

    def build(folder):
        write(folder / "roster.csv", roster, megabytes * 1_000_000, plain)
        write(folder / "cases.xml", cases, megabytes * 1_000_000, plain)

    stamped(folder, build)
    return folder


def rosters(big):
    """The folder of the rosters of 2,000 rows that the roster of another folder is cut into: 200, or as many as it gives."""
    folder = big.with_name(f"{big.name}-rosters")

    def build(folder):
        with open(big / "roster.csv", encoding="utf-8", newline="") as whole:
            head = list(itertools.islice(whole, HEAD))
            for index in range(ROSTERS):
                rows = list(itertools.islice(whole, ROWS))
                if not rows:
                    return
                (folder / f"{index:03d}.csv").write_text("".join(head + rows), encoding="utf-8", newline="")

    stamped(folder, build)
    return folder


def small(folder):
    """The folder of the small filings, `00000.xml` and on."""
    folder = pathlib.Path(folder) / "small"

    def build(folder):
        for index in range(SMALL):
            text = "".join(cases(1, index, False, first=index + 1))
            (folder / f"{index:05d}.xml").write_text(text, encoding="utf-8")

    stamped(folder, build)
    return folder


def main(arguments):
    plain = "--plain" in arguments
    arguments = [argument for argument in arguments if argument != "--plain"]
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 64
    made = big(arguments[0], int(arguments[1]) if len(arguments) > 1 else 200, plain)
    for entry in sorted(made.iterdir()):
        print(f"{entry.stat().st_size:>12}  {entry}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
