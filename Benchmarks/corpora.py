#!/usr/bin/env python3
"""Writes the documents that are measured: a roster and a case filing like the samples, as large as asked for.

Every person is synthetic: identity numbers have valid check characters and dates of birth in 1900-1910.

    Benchmarks/corpora.py FOLDER [MEGABYTES]
"""

import os
import random
import sys

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅"
ESTATES = ("滨湖花园", "孝贤家园", "凯旋城", "湖陵新村", "谷亭小区", "东方明珠")
STREETS = (("370827001", "谷亭街道"), ("370827002", "滨湖街道"), ("370827101", "清河镇"))
CHANNELS = ("来电", "来信", "来访", "网上")
SEVERITIES = ("一般", "重要", "重大")
STAGES = ("受理", "核实", "立案", "派遣", "办理", "核查", "回访", "结案")
MATTERS = ("楼道照明损坏，请尽快维修", "小区门口占道经营影响出行", "供暖温度不达标", "物业收费不清楚 & 没有公示")


def identity_number(rng):
    body = f"370827{rng.randint(1900, 1909)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{rng.randint(1, 999):03}"
    return body + CHECK[sum(int(c) * w for c, w in zip(body, WEIGHTS)) % 11]


def name(rng):
    return rng.choice(SURNAMES) + rng.choice(GIVEN) + (rng.choice(GIVEN) if rng.random() < 0.7 else "")


def roster_rows(count, rng):
    yield "鱼台县城市社区“两长”名册" + "," * 16 + "\r\n"
    yield "填报单位：鱼台县" + "," * 16 + "\r\n"
    yield (
        "序号,镇街,社区,小区,楼栋,单元,姓名,性别,出生日期,民族,政治面貌,文化程度,身份证号,联系电话,职务,任职日期,备注\r\n"
    )
    for number in range(1, count + 1):
        identity = identity_number(rng)
        chief = rng.random() < 0.27
        birth = f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}"
        yield (
            f"{number},{rng.choice(STREETS)[1]},湖西社区,{rng.choice(ESTATES)},{number // 8 + 1}号楼,"
            f"{'' if chief else str(number % 4 + 1) + '单元'},{name(rng)},{'男' if int(identity[16]) % 2 else '女'},{birth},"
            f"汉族,{rng.choice(('中共党员', '群众', '共青团员'))},{rng.choice(('高中', '大专', '本科', '初中'))},{identity},"
            f"199{number % 100000000:08},{'楼长' if chief else '单元长'},2023-05-{number % 28 + 1:02},\r\n"
        )


def case_parts(count, rng):
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<a:appeals xmlns:a="urn:yutai:appeals:1">\n'
        f"  <a:head><a:platform>鱼快办7900000</a:platform><a:count>{count}</a:count></a:head>\n  <a:body>\n"
    )
    for number in range(1, count + 1):
        day = number % 28 + 1
        steps = "".join(
            f'        <a:step stage="{STAGES[step]}" at="2023-06-{day:02}T{8 + step:02}:30:00">'
            f"<a:handler>{name(rng)}</a:handler></a:step>\n"
            for step in range(2 + number % 7)
        )
        street = rng.choice(STREETS)
        matter = rng.choice(MATTERS).replace("&", "&amp;")
        yield (
            f'    <a:case id="YT2023{number:08}">\n      <a:channel>{CHANNELS[number % 4]}</a:channel>\n'
            f"      <a:category>城市管理</a:category>\n      <a:severity>{SEVERITIES[number % 3]}</a:severity>\n"
            f"      <a:received>2023-06-{day:02} 08:15:00</a:received>\n"
            f"      <a:title>{matter}</a:title>\n      <a:content><![CDATA[{rng.choice(MATTERS)}，已多次反映。]]></a:content>\n"
            f"      <a:petitioner><a:name>{name(rng)}</a:name><a:mobile>199{number % 100000000:08}</a:mobile></a:petitioner>\n"
            f'      <a:place code="{street[0]}">{street[1]}{rng.choice(ESTATES)}{number % 30 + 1}号楼</a:place>\n'
            f"      <a:flow>\n{steps}      </a:flow>\n    </a:case>\n"
        )
    yield "  </a:body>\n</a:appeals>\n"


def write(path, make, size, encoding):
    """Writes as many records as fill `size` bytes; the count has to be known before the first one."""
    if os.path.exists(path):
        return
    sample = "".join(make(2000, random.Random(1))).encode(encoding)
    count = max(1, int(size / (len(sample) / 2000)))
    with open(path + ".part", "w", encoding=encoding, newline="") as out:
        for part in make(count, random.Random(20261121)):
            out.write(part)
    os.rename(path + ".part", path)


def main():
    folder = sys.argv[1]
    size = int(sys.argv[2] if len(sys.argv) > 2 else "200") * 1_000_000
    os.makedirs(folder, exist_ok=True)
    megabytes = size // 1_000_000
    write(f"{folder}/roster-{megabytes}.csv", roster_rows, size, "utf-8")
    write(f"{folder}/roster-{megabytes}.gb18030.csv", roster_rows, size, "gb18030")
    write(f"{folder}/cases-{megabytes}.xml", case_parts, size, "utf-8")
    for entry in sorted(os.listdir(folder)):
        print(f"{os.path.getsize(os.path.join(folder, entry)):>12}  {entry}")


if __name__ == "__main__":
    main()
