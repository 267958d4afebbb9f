"""What both Python converters check, and the records that they write.

The checks are those that the mappings ask for: identity numbers (GB 11643: digits, date of birth, sequence, check
character, area), telephone numbers, dates and times of every form in the samples, counts, and enum terms and code
tables by the lists that the project itself ships. A value that fails gives a finding with row, column and code, and is
left out.
"""

import collections
import csv
import functools
import hashlib
import operator
import pathlib
import re
import unicodedata
from datetime import date, datetime, timedelta

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DESCRIPTORS = (ROOT / "Sources/CanonicalRecords/Protos/records.binpb").read_bytes()
_pool = descriptor_pool.DescriptorPool()
for _file in descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS).file:
    _pool.Add(_file)


def _message(name):
    return message_factory.GetMessageClass(_pool.FindMessageTypeByName(name))


Record = _message("qiao.records.v1.Record")
NOTHING = frozenset("无 空 暂无 没有 不详 未知 / // - -- — —— … * null none n/a".split())
KEPT_FINDINGS = 10_000
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)
)


class Findings:
    """The findings of a filing: counted by code, the first 10,000 kept."""

    def __init__(self):
        self.counts = collections.Counter()
        self.kept = []

    def add(self, row, column, code):
        self.counts[code] += 1
        if len(self.kept) < KEPT_FINDINGS:
            self.kept.append((row, column, code))


def enumeration(name):
    """The numbers of an enum by every code, title and term in its options."""
    files = _message("google.protobuf.FileDescriptorSet").FromString(DESCRIPTORS)
    meaning = _pool.FindExtensionByName("qiao.records.v1.value")
    numbers = {}
    for file in files.file:
        for enum in (enum for enum in file.enum_type if enum.name == name):
            for value in enum.value:
                said = value.options.Extensions[meaning]
                for term in (said.code, said.title, *said.terms):
                    if term:
                        numbers[term] = value.number
    return numbers


def code_table(name, column="code"):
    """A column of a code table by every code, title and term."""
    with open(ROOT / "mappings" / "tables" / f"{name}.csv", encoding="utf-8-sig", newline="") as source:
        return {
            term: row[column]
            for row in csv.DictReader(source)
            for term in (row["code"], row["title"], *(row["terms"] or "").split("|"))
            if term
        }


def fold(raw):
    """Full width to half width; blanks go, and what a spreadsheet puts around a value to keep it text."""
    if not raw.isascii():
        raw = unicodedata.normalize("NFKC", raw)
    raw = "".join(raw.split())
    if raw.startswith("'"):
        raw = raw[1:]
    elif raw.startswith('="'):
        raw = raw[2:].rstrip('"')
    return raw


def text(raw):
    """Ends trimmed; a word for nothing is nothing."""
    raw = raw.strip()
    return "" if raw in NOTHING else raw


@functools.lru_cache(maxsize=20_000)
def name(raw):
    """A person's name: no blanks between Han characters, one kind of middle dot."""
    raw = text(raw)
    if raw.isalpha():
        return raw
    raw = re.sub("[•．・‧∙]", "·", raw)
    return raw if raw.isascii() else "".join(raw.split())


PLAIN_NUMBER = re.compile(r"[0-9]{17}[0-9X]").fullmatch


def identity_number(raw):
    """The 18 characters, and the code of what is wrong; one of them may be empty."""
    if PLAIN_NUMBER(raw):
        number = raw
    else:
        number = fold(raw.replace("×", "X")).upper()
        if not number or number in NOTHING:
            return "", ""
    body = number[:17]
    if "E+" in number or number.endswith("000"):
        return "", "identity-number.lost-digits"
    if "*" in number:
        return "", "identity-number.masked"
    upgraded = ""
    if len(number) == 15 and number.isdigit():
        body = number[:6] + "19" + number[6:]
        number = body + check_character(body)
        upgraded = "identity-number.upgraded"
    if len(number) != 18 or not body.isdigit():
        return "", "identity-number.length" if body.isdigit() else "identity-number.other-document"
    if not is_calendar(int(body[6:10]), int(body[10:12]), int(body[12:14])):
        return "", "identity-number.date"
    if body[14:] == "000":
        return "", "identity-number.sequence"
    if check_character(body) != number[17]:
        return "", "identity-number.checksum"
    if int(body[:2]) not in PROVINCES:
        return number, "identity-number.area"
    return number, upgraded


def check_character(body):
    return "10X98765432"[sum(map(operator.mul, map(int, body), WEIGHTS)) % 11]


@functools.lru_cache(maxsize=20_000)
def is_calendar(year, month, day):
    try:
        return 1850 <= date(year, month, day).year <= 2100
    except ValueError:
        return False


MOBILE = re.compile(r"1[3-9]\d{9}").fullmatch


def mobile(raw):
    if MOBILE(raw):
        return raw, ""
    number = fold(raw)
    if not number or number in NOTHING:
        return "", ""
    if "E+" in number:
        return "", "value.lost-digits"
    bare = number.replace("-", "").removeprefix("+86")
    if MOBILE(bare):
        return bare, ""
    if "、" in number:
        return "", "mobile.several"
    return "", "mobile.landline" if bare.startswith("0") else "mobile.format"


DATE = re.compile(r"(\d{4})(?:-|\.|/|年)(\d{1,2})(?:(?:-|\.|/|月)(\d{1,2})日?|月)?").fullmatch
CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@functools.lru_cache(maxsize=20_000)
def day(raw):
    """A date of any precision, and a code."""
    raw = fold(raw)
    if not raw or raw in NOTHING:
        return "", ""
    if raw.isdigit() and len(raw) == 5:
        return (date(1899, 12, 30) + timedelta(days=int(raw))).isoformat(), "date.serial"
    if raw.isdigit() and len(raw) == 8:
        parts = raw[:4], raw[4:6], raw[6:]
    elif match := DATE(raw) or DATE(raw.translate(CHINESE_DIGITS)):
        parts = match.groups()
    elif re.fullmatch(r"\d{2}\.\d{1,2}", raw):
        century = 2000 if int(raw[:2]) < 50 else 1900
        return f"{century + int(raw[:2])}-{int(raw[3:]):02d}", "date.two-digit-year"
    else:
        return "", "date.format"
    year, month, of_month = int(parts[0]), int(parts[1]), parts[2]
    if not is_calendar(year, month, int(of_month or 1)):
        return "", "date.impossible"
    return f"{year}-{month:02d}" + (f"-{int(of_month):02d}" if of_month else ""), ""


CHINA = timedelta(hours=8)
MOMENT = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})(?:日 ?| |T)(\d{1,2})[:时](\d{1,2})(?::(\d{2})|分)?(?:\+08:00)?"
).fullmatch


def moment(raw):
    """A time in China's zone, and a code."""
    try:
        known = datetime.fromisoformat(raw)
        if known.tzinfo is None:
            return known.isoformat(timespec="seconds") + "+08:00", ""
        if known.utcoffset() == CHINA:
            return known.isoformat(timespec="seconds"), ""
    except ValueError:
        pass
    match = MOMENT(raw.strip())
    if not match:
        return "", "date-time.format" if raw else ""
    year, month, of_month, hour, minute, second = (int(part or 0) for part in match.groups())
    if not is_calendar(year, month, of_month) or hour > 23 or minute > 59 or second > 59:
        return "", "date-time.impossible"
    return f"{year}-{month:02d}-{of_month:02d}T{hour:02d}:{minute:02d}:{second:02d}+08:00", ""


@functools.lru_cache(maxsize=1000)
def count(raw):
    """A number of people or households, and a code."""
    match = re.fullmatch(r"(约)?(\d+)(多|余)?[人户名]?", raw.strip())
    if not match:
        return None, "number.format" if raw else ""
    return int(match[2]), "count.approximate" if match[1] else "count.at-least" if match[3] else ""


def record_id(source, kind, *key):
    """128 bits of a keyed hash, as hexadecimal digits: BLAKE2b, the quickest in Python's library."""
    return hashlib.blake2b("\x1f".join((source, kind, *key)).encode(), key=b"benchmark", digest_size=16).hexdigest()


def sha256(path):
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _varint(number):
    return bytes((number,)) if number < 0x80 else bytes((number & 0x7F | 0x80,)) + _varint(number >> 7)


PREFIXES = [_varint(length) for length in range(8192)]


def write(output, record):
    """Appends a record behind its length, deterministically encoded."""
    encoded = record.SerializeToString(deterministic=True)
    length = len(encoded)
    output.write((PREFIXES[length] if length < 8192 else _varint(length)) + encoded)
