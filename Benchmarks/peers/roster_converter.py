#!/usr/bin/env python3
"""Converts a roster to delimited protobuf records with `csv` and `protobuf`: what people write today.

    roster_converter.py ROSTER OUTPUT

The same work as the mapping yutai.liangzhang-roster: a Person and a RoleAssignment for each row, both or neither.
"""

import csv
import functools
import json
import os
import sys

import checks

SOURCE, MAPPING = "yutai-liangzhang-roster", "yutai.liangzhang-roster"
SEX = checks.enumeration("Sex")
ETHNIC_GROUP = checks.enumeration("EthnicGroup")
POLITICAL_STATUS = checks.enumeration("PoliticalStatus")
EDUCATION = checks.enumeration("Education")
ROLE = checks.enumeration("Role")
TOWNS = checks.code_table("sub-counties")
FILLED = ("镇街", "社区", "小区")
folded = functools.lru_cache(maxsize=20_000)(checks.fold)


class Converter:
    def __init__(self, path, output):
        self.output, self.findings = output, checks.Findings()
        self.converted = self.set_aside = self.skipped = 0
        self.template = checks.Record()
        self.template.provenance.source = SOURCE
        self.template.provenance.mapping = MAPPING
        self.template.provenance.mapping_version = "1"
        self.template.provenance.filing = checks.sha256(path)
        self.template.provenance.document = os.path.basename(path)
        self.template.provenance.operation = 1
        self.template.provenance.area_code = "370827"

    def convert(self, source):
        reader = csv.reader(source)
        for cells in reader:
            if "姓名" in cells and "身份证号" in cells and "职务" in cells:
                break
            for cell in cells:
                if cell.startswith("填报日期："):
                    self.template.provenance.effective_at = checks.day(cell[5:])[0]
        self.header = cells
        self.column = {title: index for index, title in enumerate(cells)}
        filled = [self.column[title] for title in FILLED]
        self.place = [*filled, self.column["楼栋"], self.column["单元"]]
        above = [""] * len(cells)
        line = reader.line_num + 1
        for row, cells in enumerate(reader, start=1):
            if not any(cells) or cells[0] in ("合计", "小计"):
                self.skipped += 1
            else:
                cells += [""] * (len(self.header) - len(cells))
                for index in filled:
                    cells[index] = cells[index] or above[index]
                above = cells
                self.convert_row(cells, line, row)
            line = reader.line_num + 1

    def choose(self, table, cells, title, row):
        """The number of a term, or 0 and a finding."""
        raw = cells[self.column[title]]
        number = table.get(raw)
        if number is None and raw and (number := table.get(checks.fold(raw))) is None and raw not in checks.NOTHING:
            self.findings.add(row, title, "enum.unknown")
        return number or 0

    def checked(self, check, cells, title, row):
        """A checked value; what is wrong with it becomes a finding."""
        value, code = check(cells[self.column[title]])
        if code:
            self.findings.add(row, title, code)
        return value

    def record(self, line, row):
        record = checks.Record()
        record.CopyFrom(self.template)
        provenance = record.provenance
        provenance.line = line
        provenance.row = row
        return record, provenance

    def convert_row(self, cells, line, row):
        number = self.checked(checks.identity_number, cells, "身份证号", row)
        role = self.choose(ROLE, cells, "职务", row)
        if not number or not role:
            self.set_aside += 1
            return
        self.converted += 1
        person_id = checks.record_id(SOURCE, "Person", number)
        self.write_person(cells, line, row, number, person_id)
        self.write_assignment(cells, line, row, role, person_id)

    def write_person(self, cells, line, row, number, person_id):
        record, provenance = self.record(line, row)
        provenance.id = person_id
        birth = self.checked(checks.day, cells, "出生日期", row)
        sex = self.choose(SEX, cells, "性别", row)
        person = record.person
        person.name = checks.name(cells[self.column["姓名"]])
        person.identity_number = number
        person.sex = sex
        person.birth_date = birth
        person.ethnic_group = self.choose(ETHNIC_GROUP, cells, "民族", row)
        person.political_status = self.choose(POLITICAL_STATUS, cells, "政治面貌", row)
        person.education = self.choose(EDUCATION, cells, "文化程度", row)
        person.mobile = self.checked(checks.mobile, cells, "联系电话", row)
        if sex and sex != 2 - int(number[16]) % 2:
            self.findings.add(row, "性别", "identity-number.sex")
        if birth and not f"{number[6:10]}-{number[10:12]}-{number[12:14]}".startswith(birth):
            self.findings.add(row, "出生日期", "identity-number.birth-date")
        checks.write(self.output, record)

    def write_assignment(self, cells, line, row, role, person_id):
        record, provenance = self.record(line, row)
        column = self.column
        place = [part for index in self.place if (part := folded(cells[index]))]
        place_id = checks.record_id(SOURCE, "Place", "/".join(place))
        provenance.id = checks.record_id(SOURCE, "RoleAssignment", person_id, str(role), place_id)
        assignment = record.role_assignment
        assignment.person = person_id
        assignment.role = role
        assignment.place = place_id
        assignment.place_name = "/".join(place[2:])
        assignment.organisation_name = checks.text(cells[column["社区"]])
        assignment.area_code = TOWNS.get(cells[column["镇街"]], "")
        assignment.start = self.checked(checks.day, cells, "任职日期", row)
        if remarks := checks.text(cells[column["备注"]]):
            assignment.remarks = remarks.replace("\r\n", " ").replace("\n", " ")
        if ordinal := checks.fold(cells[column["序号"]]):
            record.extension["序号"] = ordinal
        checks.write(self.output, record)


def main(path, output_path):
    with open(path, encoding="utf-8-sig", newline="") as source, open(output_path, "wb", buffering=1 << 20) as output:
        converter = Converter(path, output)
        converter.convert(source)
    print(
        json.dumps({
            "records": 2 * converter.converted, "converted": converter.converted, "setAside": converter.set_aside,
            "skipped": converter.skipped, "findings": dict(sorted(converter.findings.counts.items())),
        })
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
