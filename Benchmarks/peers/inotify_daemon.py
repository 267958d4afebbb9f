#!/usr/bin/env python3
"""A small durable intake: what a competent person would write in an afternoon.

    inotify_daemon.py FOLDER REPORT

Files that are renamed into FOLDER/in are claimed by renaming them to FOLDER/work, parsed, inserted into SQLite, one
durable transaction for each (WAL, synchronous=FULL), and moved to FOLDER/archive. It checks no values and writes no
receipts.
For each filing a line goes to REPORT: CLOCK_MONOTONIC in nanoseconds after the commit, filings so far.
"""

import hashlib
import os
import sqlite3
import sys
import time

import inotify
from lxml import etree

A = "{urn:yutai:appeals:1}"
FIELDS = "channel category severity title content petitioner/name petitioner/mobile place received due".split()
PATHS = [A + field.replace("/", "/" + A) for field in FIELDS]
SCHEMA = """
CREATE TABLE IF NOT EXISTS filing (id TEXT PRIMARY KEY, name TEXT, received REAL);
CREATE TABLE IF NOT EXISTS record (number TEXT PRIMARY KEY, filing TEXT, channel TEXT, category TEXT, severity TEXT,
  title TEXT, content TEXT, name TEXT, mobile TEXT, place TEXT, received TEXT, due TEXT);
CREATE TABLE IF NOT EXISTS step (number TEXT, stage TEXT, at TEXT, handler TEXT, result TEXT);
"""


class Intake:
    def __init__(self, folder):
        self.folder = folder
        for part in ("in", "work", "archive"):
            os.makedirs(f"{folder}/{part}", exist_ok=True)
        self.database = sqlite3.connect(f"{folder}/filings.sqlite", isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.executescript(SCHEMA)

    def take(self, name):
        work = f"{self.folder}/work/{name}"
        try:
            os.rename(f"{self.folder}/in/{name}", work)
        except FileNotFoundError:  # Taken already: it was there at the start and told by inotify, too.
            return False
        with open(work, "rb") as source:
            content = source.read()
        filing = hashlib.sha256(content).hexdigest()
        execute = self.database.execute
        execute("BEGIN IMMEDIATE")
        execute("INSERT OR IGNORE INTO filing VALUES (?, ?, ?)", (filing, name, time.time()))
        for case in etree.fromstring(content).iter(A + "case"):
            number = case.get("id")
            values = [case.findtext(path) for path in PATHS]
            execute("INSERT OR REPLACE INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", (number, filing, *values))
            for step in case.iter(A + "step"):
                told = step.findtext(A + "handler"), step.findtext(A + "result")
                execute("INSERT INTO step VALUES (?,?,?,?,?)", (number, step.get("stage"), step.get("at"), *told))
        execute("COMMIT")
        os.rename(work, f"{self.folder}/archive/{name}")
        return True


def main(folder, report):
    intake = Intake(folder)
    watch = inotify.Watch(f"{folder}/in")
    lines = os.open(report, os.O_WRONLY)
    taken, names = 0, sorted(os.listdir(f"{folder}/in"))
    os.write(lines, b"ready 0\n")
    while True:
        for name in names:
            if intake.take(name):
                taken += 1
                os.write(lines, b"%d %d\n" % (time.monotonic_ns(), taken))
        names = watch.names()


if __name__ == "__main__":
    main(*sys.argv[1:])
