#!/usr/bin/env python3
"""Converts cases to delimited protobuf records with `lxml.etree.iterparse` and `protobuf`: what people write today.

    cases_converter.py CASES OUTPUT

The same work as the mapping yutai.yukuaiban-cases.
"""

import json
import os
import sys

import checks
from lxml import etree

SOURCE, MAPPING = "yutai-yukuaiban-cases", "yutai.yukuaiban-cases"
NAMESPACE = "{urn:yutai:appeals:1}"
CHANNEL = checks.enumeration("CaseChannel")
CHANNELS = {term: CHANNEL[code] for term, code in checks.code_table("appeal-channels").items()}
CATEGORIES = checks.code_table("appeal-categories", "title")
SEVERITY = checks.enumeration("CaseSeverity")
STAGE = checks.enumeration("CaseStage") | {"抢着办": 50}
STEP, HANDLER, RESULT = NAMESPACE + "step", NAMESPACE + "handler", NAMESPACE + "result"
YES = {"是": True, "1": True, "true": True, "否": False, "0": False, "false": False}


class Converter:
    def __init__(self, path, output):
        self.output, self.findings = output, checks.Findings()
        self.row = self.converted = self.set_aside = 0
        self.declared = None
        self.template = checks.Record()
        self.template.provenance.source = SOURCE
        self.template.provenance.mapping = MAPPING
        self.template.provenance.mapping_version = "1"
        self.template.provenance.filing = checks.sha256(path)
        self.template.provenance.document = os.path.basename(path)
        self.template.provenance.operation = 1
        self.template.provenance.area_code = "370827"

    def convert(self, path):
        tags = (NAMESPACE + "count", NAMESPACE + "case")
        for _, element in etree.iterparse(path, events=("end",), tag=tags, resolve_entities=False, no_network=True):
            if element.tag == tags[0]:
                self.declared = int(element.text)
                continue
            self.row += 1
            self.convert_case(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    def checked(self, check, raw, column):
        """A checked value; what is wrong with it becomes a finding."""
        value, code = check(raw)
        if code:
            self.findings.add(self.row, column, code)
        return value

    def choose(self, table, raw, column, code="enum.unknown"):
        """What a term stands for, or None and a finding."""
        value = table.get(raw)
        if value is None and (raw := raw.strip()) and (value := table.get(raw)) is None and raw not in checks.NOTHING:
            self.findings.add(self.row, column, code)
        return value

    def convert_case(self, element):
        number = element.get("id", "").strip()
        if not number:
            self.findings.add(self.row, "@id", "mapping.value-required")
            self.set_aside += 1
            return
        self.converted += 1
        child = {part.tag[len(NAMESPACE) :]: part for part in element.iterchildren(tag=etree.Element)}

        def content(tag):
            part = child.get(tag)
            return (part.text or "") if part is not None else ""

        record = checks.Record()
        record.CopyFrom(self.template)
        record.provenance.id = checks.record_id(SOURCE, "Case", number)
        record.provenance.line, record.provenance.row = element.sourceline, self.row
        case = record.case
        case.number = number
        case.channel = self.choose(CHANNELS, content("channel"), "channel", "code-table.unknown") or 0
        category = child["category"]
        kind = category.get("code") or category.text
        case.category = self.choose(CATEGORIES, kind, "category", "code-table.unknown") or ""
        case.severity = self.choose(SEVERITY, content("severity"), "severity") or 0
        case.title = checks.text(content("title"))
        case.content = checks.text(content("content"))
        petitioner = child["petitioner"]
        case.petitioner_name = checks.name(petitioner.findtext(NAMESPACE + "name", ""))
        case.petitioner_mobile = self.checked(checks.mobile, petitioner.findtext(NAMESPACE + "mobile", ""), "mobile")
        case.place_text = checks.text(content("place"))
        case.area_code = child["place"].get("area", "")
        case.received_at = self.checked(checks.moment, content("received"), "received")
        case.due = self.checked(checks.moment, content("due"), "due")
        people = self.checked(checks.count, content("people"), "people")
        if people is not None:
            case.people_involved = people
        flags = child["flags"]
        case.supervised = self.choose(YES, flags.get("supervised", ""), "@supervised") or False
        case.focused = self.choose(YES, flags.get("focused", ""), "@focused") or False
        for step in child["flow"]:
            if step.tag != STEP:
                continue
            event = case.events.add()
            event.stage_text = stage = step.get("stage", "")
            event.stage = self.choose(STAGE, stage, "@stage") or 0
            event.at = self.checked(checks.moment, step.get("at", ""), "@at")
            for part in step:
                if part.tag == HANDLER:
                    event.actor = checks.text(part.text or "")
                elif part.tag == RESULT:
                    event.result = checks.text(part.text or "")
        if anonymous := petitioner.get("anonymous"):
            record.extension["anonymous"] = anonymous
        if category.text:
            record.extension["category-text"] = category.text.strip()
        checks.write(self.output, record)


def main(path, output_path):
    with open(output_path, "wb", buffering=1 << 20) as output:
        converter = Converter(path, output)
        converter.convert(path)
    if converter.declared != converter.converted:
        converter.findings.add(0, "", "mapping.control-differs")
    print(
        json.dumps({
            "records": converter.converted, "converted": converter.converted, "setAside": converter.set_aside,
            "skipped": 0, "findings": dict(sorted(converter.findings.counts.items())),
        })
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
