#!/usr/bin/env python3
"""Writes the two sample filings of 鱼台县: same seed, same bytes.

    samples/generate.py            write samples/yutai/*
    samples/generate.py --check    exit 1 unless the files are what would be written

Nobody in these files exists. Dates of birth lie in 1900-1910, names are drawn from lists, mobile numbers are of the
range 154, which is not given out, and the identity numbers are made up, with right check characters but for the rows
that are wrong on purpose.

liangzhang-roster.csv  GB18030, CRLF. 813 楼长 and 2,225 单元长: 3,038 posts, numbered in 序号, summed up in the 合计 row.
                       A further 28 rows are wrong beyond use. Each stands directly above the row that corrects it and
                       has the same 序号, as if the filer had mended the roster by adding a line; so the posts still
                       come out as 3,038 when the wrong rows are set aside.
yukuaiban-cases.xml    UTF-8. 1,000 numbered cases, as the head declares, with 2-8 steps each, and 4 drafts that have
                       no number yet, which the head does not count.

Python's standard library only; no use is made of `random`, whose sequences may differ between versions.
"""
import pathlib
import sys
from datetime import date, datetime, timedelta

HERE = pathlib.Path(__file__).resolve().parent / "yutai"


class Seeded:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        value = self.state
        value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & mask
        value = ((value ^ value >> 27) * 0x94D049BB133111EB) & mask
        return value ^ value >> 31

    def below(self, bound):
        return self.next() % bound

    def pick(self, items):
        return items[self.below(len(items))]

    def chance(self, one_in):
        return self.below(one_in) == 0

    def sample(self, population, count):
        """`count` different numbers below `population`, sorted."""
        chosen = set()
        while len(chosen) < count:
            chosen.add(self.below(population))
        return sorted(chosen)


# ---------------------------------------------------------------- people

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "德福禄寿祥瑞庆荣华富贵忠孝仁义礼智信诚厚善文武斌杰俊贤良才英秀兰芳梅桂莲菊香珍珠玉凤云霞春秋冬雪明光辉耀东南山河海江"
RARE = ["王䶮", "李𬭼", "刘㛃", "赵䶮平", "孙𬭼山"]
UYGUR = ["买买提·吐尔逊", "阿依古丽·库尔班", "艾力•肉孜", "古丽娜尔．阿不都"]
AREAS = ["370827"] * 24 + ["370826", "370828", "370829", "370883", "370802", "370811", "370882", "370481", "320322", "341221"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_character(body):
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS)) % 11]


class People:
    def __init__(self, random):
        self.random = random
        self.numbers = set()
        self.mobiles = 0

    def name(self):
        random = self.random
        if random.chance(300):
            return random.pick(RARE)
        if random.chance(400):
            return random.pick(UYGUR)
        given = random.pick(GIVEN) + ("" if random.chance(4) else random.pick(GIVEN))
        return random.pick(SURNAMES) + given

    def born(self):
        return date(1900, 1, 1) + timedelta(days=self.random.below(4017))

    def identity_number(self, born, sequences=(1, 995)):
        while True:
            low, high = sequences
            body = self.random.pick(AREAS) + born.strftime("%Y%m%d") + f"{low + self.random.below(high - low + 1):03d}"
            number = body + check_character(body)
            # 000 at the end is what a spreadsheet leaves of a number: no reader can tell it from a lost one.
            if number not in self.numbers and not number.endswith("000"):
                self.numbers.add(number)
                return number

    def mobile(self):
        self.mobiles += 1
        return f"154{self.mobiles * 7919 % 100_000_000:08d}"


# ---------------------------------------------------------------- spelling

def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def spelled_date(random, day):
    form = random.below(12)
    if form < 6:
        return day.isoformat()
    if form == 6:
        return f"{day.year}.{day.month:02d}.{day.day:02d}"
    if form == 7:
        return f"{day.year}年{day.month}月{day.day}日"
    if form == 8:
        return day.strftime("%Y%m%d")
    if form == 9:
        return f"{day.year}/{day.month}/{day.day}"
    if form == 10:
        return f"{day.year}.{day.month:02d}"
    return f"{day.year}年{day.month}月"


def spelled_identity_number(random, number):
    form = random.below(60)
    if form < 7:
        return "'" + number
    if form == 7:
        return full_width(number)
    if form == 8:
        return f'="{number}"'
    if form == 9:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if number.endswith("X"):
        return number[:-1] + random.pick(["X", "X", "x", "Ｘ", "×"])
    return number


def spelled_mobile(random, mobile):
    form = random.below(30)
    if form == 0:
        return "+86 " + mobile
    if form == 1:
        return f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}"
    if form == 2:
        return full_width(mobile)
    if form == 3:
        return f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}"
    return mobile


# ---------------------------------------------------------------- the roster

HEADER = ["序号", "镇街", "社区", "小区", "楼栋", "单元", "姓名", "性别", "出生日期", "民族", "政治面貌", "文化程度", "身份证号", "联系电话",
          "职务", "任职日期", "备注"]
COMMUNITIES = [("谷亭街道", ["文昌社区", "观鱼社区", "湖陵社区", "棠邑社区", "孝贤社区"]),
               ("滨湖街道", ["菱湖社区", "稻香社区", "清源社区", "荷风社区"]), ("张黄镇", ["张黄社区"])]
ESTATE_HEADS = ["阳光", "锦绣", "滨河", "翰林", "御景", "幸福", "和谐", "金桂", "碧水", "湖畔", "东方", "世纪", "康馨", "学府", "盛世", "祥和", "丽都"]
ESTATE_TAILS = ["花园", "家园", "小区", "苑", "新村"]
BUILDINGS, UNITS, ESTATES = 813, 2225, 85
REMARKS = ["退役军人,优秀党员", "负责1、2单元,兼网格联络员", "每周六值班\n(上午8:00-11:00)", '居民称"热心肠"', "法律服务工作者", "无", "/",
           "双报到党员,\n报到单位：县住建局"]
WRONG_ROWS = 28


def shares(random, total, parts, least, most):
    """`total` cut into `parts` numbers from `least` to `most`."""
    result = [least] * parts
    left = total - least * parts
    while left:
        index = random.below(parts)
        if result[index] < most:
            result[index] += 1
            left -= 1
    return result


def posts(random):
    """(镇街, 社区, 小区, 楼栋, 单元 or "", 职务) of every post, in the order of the roster."""
    names = [head + tail for tail in ESTATE_TAILS for head in ESTATE_HEADS]
    assert len(names) == ESTATES
    communities = [(town, community) for town, list_ in COMMUNITIES for community in list_]
    estates = shares(random, ESTATES, len(communities), 5, 14)
    buildings = iter(shares(random, BUILDINGS, ESTATES, 3, 24))
    units = iter(shares(random, UNITS, BUILDINGS, 1, 6))
    names = iter(names)
    for (town, community), count in zip(communities, estates):
        for _ in range(count):
            estate = next(names)
            for building in range(1, next(buildings) + 1):
                yield town, community, estate, f"{building}号楼", "", "楼长"
                for unit in range(1, next(units) + 1):
                    yield town, community, estate, f"{building}号楼", f"{unit}单元", "单元长"


def wrong_row(kind, random, row, number):
    """The row as it was filed first, with one thing in it that cannot be used."""
    row = list(row)
    wrong = {
        "checksum": number[:17] + "0123456789X"[("0123456789X".index(number[17]) + 1 + random.below(10)) % 11],
        "scientific": f"{int(number[:17] + '0') / 1e17:.5f}E+17",
        "rounded": number[:15] + "000",
        "short": number[:17],
        "long": number[:17] + "0" + number[17],
        "officer": f"军字第{1000000 + random.below(9000000)}号",
        "masked": number[:6] + "********" + number[14:],
    }
    if kind == "date":
        body = number[:6] + random.pick(["19010229", "19031301", "19050431"]) + number[14:17]
        row[12] = body + check_character(body)
    elif kind == "role":
        row[14] = "联络代表"
    else:
        row[12] = wrong[kind]
    row[16] = "此行有误，见下一行更正"
    return row


def roster_rows():
    random = Seeded(370827)
    people = People(random)
    kinds = (["checksum"] * 10 + ["scientific"] * 4 + ["rounded"] * 3 + ["short"] * 2 + ["long"] + ["date"] * 3 + ["officer"] * 2
             + ["masked"] + ["role"] * 2)
    assert len(kinds) == WRONG_ROWS
    wrong = dict(zip(random.sample(BUILDINGS + UNITS, WRONG_ROWS), kinds))
    rows, above = [], ("", "", "")
    for index, (town, community, estate, building, unit, role) in enumerate(posts(random)):
        if above[0] and town != above[0]:
            rows.append([""] * len(HEADER))
        born = people.born()
        old_card = random.chance(500)
        number = people.identity_number(born)
        row = [
            full_width(str(index + 1)) if random.chance(200) else str(index + 1),
            "" if town == above[0] else town, "" if community == above[1] else community, "" if estate == above[2] else estate,
            full_width(building[:-2]) + "号楼" if random.chance(50) else building, unit,
            people.name(), "男" if int(number[16]) % 2 else "女", spelled_date(random, born),
            random.pick(["汉", "汉族", "汉族", "汉族", "汉族", "汉族", "回族", "蒙古族"] if random.chance(12) else ["汉族", "汉"]),
            random.pick(["中共党员", "党员", "中共党员", "正式党员", "群众", "群众", "预备党员", "共青团员", "民盟盟员"]),
            random.pick(["大专", "专科", "高中", "本科", "中专", "初中", "初中毕业", "小学", "研究生"]),
            number[:6] + number[8:17] if old_card else spelled_identity_number(random, number), spelled_mobile(random, people.mobile()),
            role, spelled_date(random, date(2020, 1, 1) + timedelta(days=random.below(2300))),
            random.pick(REMARKS) if random.chance(9) else "",
        ]
        if len(row[6]) == 2 and random.chance(25):
            row[6] = row[6][0] + "　" + row[6][1]
        doubtful(random, row, born, number)
        if index in wrong:
            rows.append(wrong_row(wrong[index], random, row, number))
        rows.append(row)
        above = (town, community, estate)
    return rows


def doubtful(random, row, born, number):
    """Now and then a value that is left out or doubtful, in a row that is good otherwise."""
    case = random.below(500)
    if case == 0:
        row[8] = random.pick(["1905-02-30", "1903年2月29日", "1907.13.01", "19080431", "1901/2/29"])
    elif case == 1:
        row[8] = (born + timedelta(days=365)).isoformat()
    elif case == 2:
        row[7] = "女" if int(number[16]) % 2 else "男"
    elif case == 3:
        row[15] = random.pick(["2021-02-30", "2021年13月", "2022.11.31", "换届后"])
    elif case == 4:
        row[13] = random.pick(["0537-7900000", "1540000000", "15400000001、15400000002", "1.54E+10"])
    elif case == 5:
        row[10] = random.pick(["积极分子", "入党申请人"])
    elif case == 6:
        row[11] = random.pick(["夜校", "扫盲班"])
    elif case == 7:
        row[13] = random.pick(["无", "—", "/", "暂无"])
    elif case == 8:
        row[15] = random.pick(["44378", "44562", "21.7", "二〇二一年七月一日"])


def cell(text):
    if any(c in text for c in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def roster():
    blank = [""] * (len(HEADER) - 1)
    unit = ["填报单位：鱼台县“两长”工作办公室"] + [""] * 11 + ["填报日期：2026年11月20日"] + [""] * 4
    total = ["合计", "", "", "", "", "", str(BUILDINGS + UNITS)] + [""] * 7 + [f"楼长{BUILDINGS}名，单元长{UNITS}名", "", ""]
    rows = [["鱼台县城市社区小区“两长”（楼长、单元长）名册"] + blank, unit, HEADER] + roster_rows() + [total]
    return "".join(",".join(map(cell, row)) + "\r\n" for row in rows).encode("gb18030")


# ---------------------------------------------------------------- the cases

CASES, DRAFTS = 1000, 4
CHANNELS = ["来电"] * 5 + ["来信", "来访", "来访", "网上", "网上", "微信小程序", "热线"]
CATEGORIES = [("01", "物业管理"), ("02", "供水供暖"), ("03", "环境卫生"), ("04", "违法建设"), ("05", "停车秩序"), ("06", "噪声扰民"), ("07", "道路设施"),
              ("08", "邻里纠纷"), ("09", "养老服务"), ("10", "政策咨询")]
SUBJECTS = {"01": "电梯停运,物业未及时维修", "02": "暖气不热,室温<16℃", "03": "垃圾清运不及时", "04": "楼顶搭建<阳光房>影响采光", "05": "消防通道被占用停车",
            "06": "夜间施工 & 广场舞噪声扰民", "07": "路灯不亮,井盖破损", "08": "楼上漏水,与邻居协商未果", "09": "咨询日间照料中心开放时间", "10": '咨询"双报到"党员服务项目'}
UNITS_IN_CHARGE = ["县住房和城乡建设局", "县综合行政执法局", "谷亭街道办事处", "滨湖街道办事处", "县供热公司", "县公安局交警大队", "县民政局", "棠邑社区居委会"]
STREETS = [("370827001", "谷亭街道"), ("370827002", "滨湖街道"), ("370827104", "张黄镇")]
ENDINGS = [["受理", "结案"], ["受理", "派遣", "办理", "反馈"], ["受理", "核实", "派遣", "办理", "核查", "结案"],
           ["受理", "核实", "立案", "派遣", "办理", "核查", "回访", "结案"], ["受理", "派遣", "退回", "派遣", "办理", "反馈", "回访", "结案"],
           ["受理", "派遣", "抢着办", "结案"], ["受理", "派遣", "延期", "办理", "结案", "评价"], ["受理", "派遣", "办理"]]


def text(value):
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(value):
    return text(value).replace('"', "&quot;")


def spelled_time(random, moment):
    form = random.below(10)
    if form < 6:
        return moment.strftime("%Y-%m-%dT%H:%M:%S+08:00")
    if form < 8:
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    if form == 8:
        return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment.minute:02d}"
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}时{moment.minute}分"


def case_lines(random, people, number):
    """The lines of one case; a draft has no number."""
    code, category = random.pick(CATEGORIES)
    received = datetime(2026, 1, 1, 8) + timedelta(minutes=random.below(300 * 1440))
    severity = random.pick(["一般", "一般", "一般", "重要", "重大"])
    due = received + timedelta(days={"一般": 2, "重要": 3, "重大": 10}[severity])
    town_code, town = random.pick(STREETS)
    place = f"{random.pick(ESTATE_HEADS)}{random.pick(ESTATE_TAILS)}{1 + random.below(20)}号楼{1 + random.below(4)}单元"
    name, mobile = people.name(), people.mobile()
    subject = SUBJECTS[code]
    people_involved = random.pick(["约20", "60多", "15户"] if random.chance(30) else ["1", "1", "2", "3", "5人"])
    slip = random.below(120)
    if slip == 0:
        mobile = random.pick(["1540000", "0537-7900000"])
    elif slip == 1:
        severity = "特急"
    elif slip == 2:
        people_involved = "很多"
    identifier = f' id="{number}"' if number else ""
    lines = [f'    <a:case{identifier} source="鱼快办7900000">']
    add = lines.append
    add(f"      <a:channel>{random.pick(CHANNELS)}</a:channel>")
    add(f'      <a:category code="{code}">{category}</a:category>')
    add(f"      <a:severity>{severity}</a:severity>")
    add(f"      <a:title>{text(subject)}</a:title>")
    if random.chance(2):
        add(f"      <a:content><![CDATA[居民反映：{place}{subject}。请求<尽快>处理 & 回复。]]></a:content>")
    else:
        add(f"      <a:content>居民反映：{place}{text(subject)}。&#10;请求&#x5C3D;快处理。</a:content>")
    add(f'      <a:petitioner anonymous="{"是" if random.chance(9) else "否"}"><a:name>{name}</a:name>'
        f"<a:mobile>{mobile}</a:mobile></a:petitioner>")
    add(f'      <a:place area="{town_code}" note="{attribute(f"{town}<" + place + ">")}">{town}{place}</a:place>')
    add(f"      <a:received>{spelled_time(random, received)}</a:received>")
    add(f"      <a:due>{spelled_time(random, due)}</a:due>")
    add(f"      <a:people>{people_involved}</a:people>")
    add(f'      <a:flags supervised="{"是" if random.chance(12) else "否"}" focused="{1 if random.chance(20) else 0}"/>')
    add("      <a:flow>")
    moment = received
    for stage in random.pick(ENDINGS):
        unit = "鱼快办7900000受理中心" if stage == "受理" else random.pick(UNITS_IN_CHARGE)
        at = spelled_time(random, moment) if random.below(400) else "2026-02-30 08:00:00"
        add(f'        <a:step stage="{stage}" at="{at}"><a:handler>{unit}</a:handler>'
            + (f"<a:result><![CDATA[{stage}完毕 <{unit}>]]></a:result>" if random.chance(4) else f"<a:result>{stage}完毕</a:result>")
            + "</a:step>")
        moment += timedelta(minutes=5 + random.below(600))
    add("      </a:flow>")
    add("    </a:case>")
    return lines


def cases():
    random = Seeded(7900000)
    people = People(random)
    people.mobiles = 5000
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>', "<!-- 鱼快办7900000融诉求平台 导出；人员均为虚构 -->",
        '<a:appeals xmlns:a="urn:yutai:appeals:1" version="1.0">', "  <a:head>", "    <a:platform>鱼快办7900000融诉求平台</a:platform>",
        '    <a:period from="2026-01-01" to="2026-10-31"/>', f"    <a:count>{CASES}</a:count>", "  </a:head>", "  <a:body>"]
    drafts = set(random.sample(CASES, DRAFTS))
    for index in range(CASES):
        if index in drafts:
            lines += ["    <!-- 草稿，尚未编号，不计入总数 -->"] + case_lines(random, people, None)
        lines += case_lines(random, people, f"YKB2026{index + 1:06d}")
    lines += ["  </a:body>", "</a:appeals>", ""]
    return "\n".join(lines).encode("utf-8")


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 64
    stale = 0
    for name, content in (("liangzhang-roster.csv", roster()), ("yukuaiban-cases.xml", cases())):
        path = HERE / name
        if not arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        elif not path.exists() or path.read_bytes() != content:
            print(f"{path} is not what {pathlib.Path(__file__).name} writes", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
