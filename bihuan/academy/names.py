"""Names for what does not exist: people, firms, roads and projects of the demo city.

Every person is called a surname and 示例 (“example”): 赵示例. Every firm ends in （演示） (“demonstration”). The words that firms and roads
are named after are made of characters that make no place or brand together. So nobody can take them for anybody real.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
)
FIRST = "澜岚屿澈霁砚翊昀樾溯筠珩琅璟沅漪"
SECOND = "禾舟岑川澄栎朔泓棠稷"

PERSON_MARK = "示例"
FIRM_MARK = "（演示）"


def person(number: int) -> str:
    """The `number`-th invented person, from 0: 赵示例, 钱示例 …; after all surnames once, 赵示例二 …"""
    turn, place = divmod(number, len(SURNAMES))
    return f"{SURNAMES[place]}{PERSON_MARK}{'二三四五六七八九'[turn - 1] if turn else ''}"


@dataclass(frozen=True)
class Trade:
    """A kind of project: what its rows say of its branch, and how such a project is called. `{word}` is an invented word."""

    industry: str
    cluster: str
    new_kind: str
    investor: str
    works: tuple[str, ...]
    weight: int

    @property
    def manufacturing(self) -> bool:
        """Whether it makes things."""
        return self.industry in ("先进制造业", "战略性新兴产业")


TRADES: tuple[Trade, ...] = (
    Trade("先进制造业", "新材料", "四新", "{word}新材料", ("年产{n}万吨改性聚碳酸酯项目", "年产{n}万吨生物降解塑料项目", "年产{n}万吨特种树脂项目"), 12),
    Trade("先进制造业", "高端装备", "四新", "{word}装备制造", ("高端油气装备产业园项目", "智能采油装备生产线项目", "年产{n}万套精密传动件项目"), 9),
    Trade("先进制造业", "绿色食品", "其他", "{word}食品", ("年加工{n}万吨预制菜项目", "年产{n}万吨调味品项目", "食用菌精深加工项目"), 7),
    Trade("先进制造业", "现代轻纺", "其他", "{word}羽绒制品", ("年产{n}万件羽绒服饰项目", "家具智能制造产业园项目", "羽绒精深加工项目"), 6),
    Trade("战略性新兴产业", "新能源", "两能", "{word}氢能", ("氢燃料电池系统项目", "年产{n}万套储氢装置项目", "风机叶片制造项目"), 7),
    Trade("战略性新兴产业", "新一代信息技术", "四新", "{word}光电", ("年产{n}万片电子玻璃项目", "智能传感器产业化项目", "电子化学品项目"), 5),
    Trade("能源", "新能源", "两能", "{word}新能源", ("{n}万千瓦风力发电项目", "{n}万千瓦光伏发电项目", "储气库配套工程"), 7),
    Trade("交通", "其他", "其他", "{word}交通建设", ("{word}大道改建工程", "省道{word}段升级改造工程", "{word}物流园铁路专用线工程"), 7),
    Trade("城镇基础设施", "其他", "新型基础设施", "{word}数字科技", ("{word}片区智慧管网工程", "城市数据中心扩容项目", "充电基础设施一体化项目"), 5),
    Trade("城镇基础设施", "其他", "其他", "{word}城市建设", ("{word}路老旧小区改造工程", "{word}片区供水管网工程", "{word}热源厂及管网工程"), 8),
    Trade("社会民生", "其他", "其他", "{word}公共事业", ("{word}中学新校区项目", "{word}综合医院提升项目", "{word}养老服务中心项目"), 8),
    Trade("农林水利", "其他", "其他", "{word}水利建设", ("{word}灌区续建配套工程", "{n}万亩高标准农田建设项目", "{word}河综合治理工程"), 7),
    Trade("生态环保", "其他", "其他", "{word}环保", ("{word}污水处理厂提标工程", "{word}湿地修复工程", "固体废物综合利用项目"), 6),
    Trade("现代服务业", "其他", "其他", "{word}商贸物流", ("{word}冷链物流园项目", "{word}电商产业园项目", "{word}文旅融合示范项目"), 6),
)


class Names:
    """Gives names, none of them twice in the same county."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[tuple[str, str]] = set()

    def word(self) -> str:
        """An invented word of two characters."""
        return self._rng.choice(FIRST) + self._rng.choice(SECOND)

    def firm(self, trade: Trade) -> str:
        """A firm that does not exist."""
        return f"{trade.investor.format(word=self.word())}有限公司{FIRM_MARK}"

    def project(self, trade: Trade, firm: str, county: str) -> str:
        """A project of that firm: 澜禾新材料年产5万吨特种树脂项目; a second one of the same name is its 二期, and so on."""
        work = self._rng.choice(trade.works).format(word=self.word(), n=self._rng.choice((2, 3, 5, 6, 8, 10, 12, 15, 20)))
        plain = f"{firm.partition('有限公司')[0]}{work}"
        name, phases = plain, iter("二三四五六七八九十")
        while (name, county) in self._given:
            name = f"{plain}{next(phases)}期"
        self._given.add((name, county))
        return name
