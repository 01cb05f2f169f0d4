"""Enterprises made from one seed, some of them written twice as offices write them: what linking is measured on, with the right answer beside it.

Every name is made of characters drawn by lot. What is hard is in it: firms of one owner at one address, firms of one name in two counties, branches,
agents whose telephone a hundred firms give, and duplicates with a wrong character, a short name, no region, no code or another telephone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from bihuan.foundation.grammar.credit_codes import check_character, own_check

SEED = 20250708
COUNTIES = ("濮阳县", "清丰县", "南乐县", "范县", "台前县", "华龙区", "开发区", "示范区")
FIRST = "宏鑫恒瑞嘉盛隆兴泰安华荣顺德远永祥福康源腾飞天金银玉龙凤海江河山林森茂丰裕通达成利万百千君诚信义和美佳雅尚品优创新智慧云星辰日月光明亮晨旭东南西北中正大同启航"
SECOND = "业达昌泰宇博晟豪杰凯旋冠群英才俊伟峰岭岩松柏梅兰竹菊莲荷芳馨怡悦欣然源泉润泽沃土田园禾苗谷粮稻麦棉麻丝绸缎锦绣程途路桥梁柱石磊晶亿兆丰硕果实创建设立信诚"
TRADES = (
    "化工", "新材料", "装备制造", "食品", "羽绒制品", "家具", "商贸", "物流", "建材", "电子科技", "生物科技", "农业科技", "环保科技", "机械", "石油工程", "建筑安装",
    "房地产开发", "文化传媒", "餐饮管理", "医药", "汽车销售", "信息技术", "能源", "光电", "包装", "纺织", "服饰", "玻璃", "橡胶", "塑料制品", "门窗", "电气", "仪表", "种植",
    "养殖", "粮油", "面业", "饲料", "印务", "广告", "劳务", "运输", "租赁", "酒店管理", "物业管理", "教育咨询", "工程咨询", "检测技术", "园林绿化", "水利工程",
)  # fmt: skip
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
ROADS = "黄河 中原 胜利 建设 人民 五一 京开 开州 长庆 昆吾 卫都 濮上 振兴 江汉 大庆 石化 工业 创业 文化 金堤 苏北 历山 绿城 化工一 化工二 纬三 经四 纬七 站前 育才".split()
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉红志建国庆文斌波辉宁飞鹏宇浩凯健俊帆雪梅琳晨曦阳佳慧颖倩雯婷欣怡然子轩梓涵"
SOUNDS = ("宏弘洪红", "业叶", "达大", "盛胜圣", "瑞锐", "嘉佳加", "恒衡", "兴星新鑫", "泰太", "华花", "荣容融", "源元园", "丰峰锋", "诚城成程", "信欣", "利力立", "祥翔", "远元", "通同", "江姜", "志智", "永咏", "博波", "俊军")
LOOKS = ("己已巳", "未末", "土士", "千干", "日曰", "晟盛", "泰秦", "旭旮", "晶昌", "禾木", "林森", "云去", "天夫", "玉王", "田由", "石右", "大太", "辰展", "源原", "锦绵", "峰蜂", "润闰", "达迭", "鑫金")


@dataclass(frozen=True)
class Firm:
    """One row: `truth` is the number of the firm it is about."""

    truth: int
    code: str
    name: str
    county: str
    address: str
    person: str
    phone: str


def code_of(number: int) -> str:
    """A credit code that checks, of no real place."""
    own = f"{number * 48_271 % 100_000_007 % 100_000_000:08d}"  # neighbours in the list are no neighbours in number
    first = f"91419999{own}{own_check(own)}"
    return first + check_character(first)


def firms(rows: int, duplicates: float = 0.05, seed: int = SEED) -> Iterator[Firm]:
    """So many rows, of which that share are second (and third) writings of a firm that is among them, at most nine of one."""
    rng = Random(seed)
    made, truth = 0, 0
    phones = [_phone(rng) for _ in range(max(1, rows // 5000))]  # of agents
    while made < rows:
        for firm in _owner(rng, truth, phones):
            truth = firm.truth + 1
            written = [firm]
            if rng.random() < duplicates:
                written += [_again(rng, firm) for _ in range(rng.choices((1, 2, 9), (90, 9, 1))[0])]
            for one in written[: rows - made]:
                made += 1
                yield one


def _owner(rng: Random, truth: int, phones: list[str]) -> Iterator[Firm]:
    """The firms of one owner: mostly one; now and then several at one address, a namesake in another county, or a branch."""
    first = _firm(rng, truth, phones)
    yield first
    kind = rng.choices(("one", "sisters", "namesake", "branch"), (88, 6, 4, 2))[0]
    if kind == "sisters":
        others = [trade for trade in TRADES if trade not in first.name]
        for number, trade in enumerate(rng.sample(others, k=rng.randint(1, 3)), start=1):
            name = _name(rng, _word(first.name), trade, first.county)
            yield replace(first, truth=truth + number, code=code_of(truth + number), name=name)
    elif kind == "namesake":
        other = _firm(rng, truth + 1, phones)
        county = rng.choice([county for county in COUNTIES if county != first.county])
        bare = first.name.removeprefix("河南省").removeprefix("濮阳市").removeprefix(first.county)
        yield replace(other, name=f"濮阳市{county}{bare}" if not bare.startswith("河南") else other.name, county=county)
    elif kind == "branch":
        county = rng.choice(COUNTIES)
        yield replace(_firm(rng, truth + 1, phones), name=f"{first.name}{county.removesuffix('县')}分公司", county=county, person=first.person)


def _word(name: str) -> str:
    """The two characters a firm is called by."""
    bare = name.removeprefix("河南省").removeprefix("河南").removeprefix("濮阳市")
    for county in COUNTIES:
        bare = bare.removeprefix(county)
    return bare.removeprefix("濮阳")[:2]


def _name(rng: Random, word: str, trade: str, county: str) -> str:
    region = rng.choices(("濮阳市", "濮阳", "河南", "河南省", f"濮阳市{county}", county), (35, 15, 15, 5, 15, 15))[0]
    form = rng.choices(FORMS, (70, 20, 6, 4))[0]
    return f"{region}{word}{trade}{form}"


def _firm(rng: Random, truth: int, phones: list[str]) -> Firm:
    county = rng.choice(COUNTIES)
    word = rng.choice(FIRST) + rng.choice(SECOND)
    address = f"濮阳市{county}{rng.choice(ROADS)}路{rng.randint(1, 900)}号"
    if rng.random() < 0.3:
        address += f"{rng.randint(1, 12)}号楼{rng.randint(101, 2205)}室"
    person = rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2))))
    phone = rng.choice(phones) if rng.random() < 0.02 else _phone(rng)
    return Firm(truth, code_of(truth), _name(rng, word, rng.choice(TRADES), county), county, address, person, phone)


def _phone(rng: Random) -> str:
    return f"1{rng.choice('3578')}{rng.randint(0, 999_999_999):09d}"


# --- written a second time


def _again(rng: Random, firm: Firm) -> Firm:
    """The same firm as another office wrote it down: one or two things otherwise in the name, and here and there in the rest."""
    name = firm.name
    for change in rng.sample((_other_form, _other_region, _wrong_character, _short, _bracketed, _wide, _kept), k=rng.choice((1, 1, 2))):
        name = change(rng, name, firm)
    code = rng.choices(("", _mistyped(rng, firm.code)), (65, 35))[0]
    phone = rng.choices((firm.phone, _phone(rng), "", f"0086-{firm.phone[:3]} {firm.phone[3:7]} {firm.phone[7:]}"), (55, 22, 8, 15))[0]
    address = rng.choices((firm.address, _other_address(rng, firm.address), ""), (40, 50, 10))[0]
    person = rng.choices((firm.person, rng.choice(SURNAMES) + rng.choice(GIVEN), ""), (78, 12, 10))[0]
    return Firm(firm.truth, code, name, firm.county, address, person, phone)


def _mistyped(rng: Random, code: str) -> str:
    place = rng.randrange(8, 17)
    if rng.random() < 0.4 and code[place] != code[place - 1]:
        return code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :]
    return code[:place] + rng.choice([sign for sign in "0123456789" if sign != code[place]]) + code[place + 1 :]


def _kept(_rng: Random, name: str, _firm: Firm) -> str:
    return name


def _other_form(rng: Random, name: str, _firm: Firm) -> str:
    form = next((one for one in sorted(FORMS, key=len, reverse=True) if name.endswith(one)), "")
    return name.removesuffix(form) + rng.choice([one for one in (*FORMS, "公司", "") if one != form])


def _other_region(rng: Random, name: str, firm: Firm) -> str:
    bare = name
    for region in ("河南省", "河南", "濮阳市", "濮阳", firm.county):
        bare = bare.removeprefix(region)
    return rng.choice(("", "濮阳市", "河南省濮阳市", "濮阳", f"濮阳市{firm.county}")) + bare


def _wrong_character(rng: Random, name: str, _firm: Firm) -> str:
    table = rng.choice((SOUNDS, SOUNDS, LOOKS))
    places = [(place, group) for place, sign in enumerate(name) for group in table if sign in group]
    if not places:
        return name
    place, group = rng.choice(places)
    return name[:place] + rng.choice([sign for sign in group if sign != name[place]]) + name[place + 1 :]


def _short(rng: Random, name: str, _firm: Firm) -> str:
    """Without region and form, and sometimes with half of the trade."""
    bare = name
    for region in ("河南省", "河南", "濮阳市", "濮阳", *COUNTIES):
        bare = bare.removeprefix(region)
    for form in sorted(FORMS, key=len, reverse=True):
        bare = bare.removesuffix(form)
    return bare[:-2] if len(bare) > 5 and rng.random() < 0.3 else bare


def _bracketed(_rng: Random, name: str, _firm: Firm) -> str:
    """宏业化工有限公司 of 濮阳 as 宏业化工（濮阳）有限公司."""
    for region in ("濮阳市", "濮阳", "河南省", "河南"):
        for form in sorted(FORMS, key=len, reverse=True):
            if name.startswith(region) and name.endswith(form):
                return f"{name.removeprefix(region).removesuffix(form)}（{region.removesuffix('市').removesuffix('省')}）{form}"
    return name


def _wide(_rng: Random, name: str, _firm: Firm) -> str:
    return " ".join((name[:4], name[4:])).replace("(", "（").replace(")", "）")


def _other_address(rng: Random, address: str) -> str:
    way = rng.randrange(5)
    if way == 0:
        return f"河南省{address}"
    if way == 1:
        return address.replace("号楼", "栋").removeprefix("濮阳市")
    if way == 2:
        return address.partition("号")[0] + "号"
    if way == 3:
        return address.translate(str.maketrans("0123456789", "０１２３４５６７８９")).removesuffix("室")
    return f"{address}（院内）"
