"""House rules of the pack as a whole: a page of prose, worked examples, names in their places, and every word meaning something."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bihuan.foundation.grammar.errors import Place
from bihuan.foundation.grammar.finding import sections
from bihuan.foundation.grammar.rules.rule import Hit, Rule, World

_PLAIN = "owner: 市发改委"
_INDICATOR = "indicators: {total: {title: 占比, formula: 概算投资 / 1亿元, needs: nothing, unit: '%', basis: 第三条}}"
_REFERS = """
=== pack.yaml
pack: city
title: 项目管理
version: '1.0'
owner: 市发改委
basis: 《办法》
in_force: 2024
roles: {officer: {title: 经办人}}
reads: [dispatch]
"""
_ROLLUP = """
register:
  title: 项目
  key: code
  office: county
  fields: {code: {title: 项目编码, kind: text}, county: {title: 所在县区, kind: office}}
  rollups: {meetings: {title: 上会次数, from: dispatch.handover, by: project, formula: 计数(), unit: 次}}
"""


def of_linking(*rules: str) -> Callable[[World], Iterator[Hit]]:
    """What linking found under these names."""

    def check(world: World) -> Iterator[Hit]:
        for problem in world.catalogue.problems:
            if problem.rule in rules:
                yield Hit(problem.place, problem.what, problem.what_en, f"{problem.example}（{problem.why}）" if problem.why else problem.example)

    return check


def unread_me(world: World) -> Iterator[Hit]:
    """A pack without README.md, or whose README.md does not name a mechanism."""
    for pack in world.catalogue.packs.values():
        prose = pack.files.get("README.md", "")
        here = pack.lines["pack.yaml"].place("title")
        if not prose.strip():
            yield Hit(here, "没有 README.md", "there is no README.md", "README.md：每个机制一段，写它管什么、各色是什么意思")
            continue
        for key, mechanism in pack.mechanisms.items():
            if mechanism.title not in prose and key not in prose:
                yield Hit(
                    pack.place(key, "title"), f"README.md 没有提到“{mechanism.title}”", f"README.md does not name {key}", f"## {mechanism.title}",
                )  # fmt: skip


def without_example(world: World) -> Iterator[Hit]:
    """A mechanism without a worked example."""
    for pack in world.catalogue.packs.values():
        shown = {worked.shape.mechanism for worked in pack.examples}
        for key, mechanism in pack.mechanisms.items():
            if key not in shown:
                yield Hit(
                    pack.place(key, "mechanism"), f"“{mechanism.title}”没有算例", f"{key} has no worked example",
                    f"- {{example: …, mechanism: {key}, day: 2025-07-08, given: {{…}}, expect: {{…}}}}",
                )  # fmt: skip


def misplaced(world: World) -> Iterator[Hit]:
    """A mechanism in a file of another name, or a pack in a folder of another name."""
    for pack in world.catalogue.packs.values():
        for key, file in pack.file_of.items():
            if file != f"{key}.yaml":
                yield Hit(pack.place(key, "mechanism"), f"机制 {key} 写在 {file} 里", f"the mechanism {key} is in {file}", f"{key}.yaml")
        folder = pack.lines["pack.yaml"].file.rpartition("/")[0]
        if folder and folder != pack.key:
            yield Hit(
                pack.lines["pack.yaml"].place("pack"), f"包 {pack.key} 放在目录 {folder} 里", f"the pack {pack.key} is in the folder {folder}", f"pack: {folder}",
            )  # fmt: skip


def unread_packs(world: World) -> Iterator[Hit]:
    """A pack whose registers another reads, and does not say so; a handoff reads nothing, so it may wait for a pack."""
    for pack in world.catalogue.packs.values():
        for place, other in _referred_packs(world, pack.key):
            if other not in (pack.key, *pack.head.reads):
                yield Hit(place, f"用到了包 {other}，pack.yaml 的 reads 没有写", f"refers to the pack {other}, which `reads` does not name", f"reads: [{other}]")


def _referred_packs(world: World, key: str) -> Iterator[tuple[Place, str]]:
    for view in world.views:
        if view.pack == key:
            for name, field in view.shape.fields.items():
                if "." in field.of:
                    yield view.place("fields", name, "of"), field.of.partition(".")[0]
            for name, rollup in view.shape.rollups.items():
                if "." in rollup.source:
                    yield view.place("rollups", name, "from"), rollup.source.partition(".")[0]
    for item in world.catalogue.mechanisms.values():
        if item.pack == key and "." in item.shape.on:
            yield item.at("on"), item.shape.on.partition(".")[0]


def without_english(world: World) -> Iterator[Hit]:
    """A mechanism whose titles have no English."""
    for item in world.catalogue.mechanisms.values():
        lacking = [] if item.shape.title_en else [item.shape.title]
        for view in world.views:
            own = [thing.shape for thing in sections(view) if (thing.pack, thing.mechanism) == (item.pack, item.mechanism)]
            lacking += [str(getattr(shape, "title", "")) for shape in own if not getattr(shape, "title_en", "none")]
        if lacking:
            shown = "、".join(f"“{title}”" for title in lacking[:5]) + (f" 等 {len(lacking)} 处" if len(lacking) > 5 else "")
            yield Hit(item.place, f"没有英文名称：{shown}", f"no English title: {len(lacking)} thing(s)", "title_en: investment progress")


RULES = (
    Rule(
        "names", "写到的每个名称都要是声明过的：字段、状态、角色、台账、指标、条件。", "Every name that is used is declared.", of_linking("name"),
        _INDICATOR, _INDICATOR.replace("概算投资 /", "概算总投资 /"),
    ),
    Rule(
        "formulas", "公式要读得通，类型和量纲要对得上。", "Formulas can be read, and their kinds and units agree.", of_linking("formula"),
        _INDICATOR, _INDICATOR.replace("概算投资 / 1亿元", "概算投资 / 1亿元 + 1天"),
    ),
    Rule(
        "names_once", "同一本台账里，公式能用到的代号和名称只能各指一样东西。", "Within a register every key and title means one thing.", of_linking("duplicate"),
        _INDICATOR, _INDICATOR.replace("title: 占比", "title: 概算投资"),
    ),
    Rule(
        "order", "汇总、带出和指标要能排出计算的先后，谁也不能等自己。", "Rollups, lookups and indicators have an order in which they can be computed.",
        of_linking("cycle"), _INDICATOR, _INDICATOR.replace("概算投资 / 1亿元", "占比 + 1"),
    ),
    Rule(
        "placeholders", "{ } 里的名称都要代得进数，否则理由和文书里会露出空洞。", "Every name in braces can be filled in.", of_linking("placeholder"),
        "lights: {plate: {title: 挂牌, conditions: [{colour: red, if: 滞后天数 > 1, because: '滞后 {滞后天数} 天', basis: 第七条}], without_data: grey}}",
        "lights: {plate: {title: 挂牌, conditions: [{colour: red, if: 滞后天数 > 1, because: '滞后 {拖延天数} 天', basis: 第七条}], without_data: grey}}",
    ),
    Rule(
        "readme", "README.md 用平常话写每个机制管什么、各色是什么意思，给没看过文件的人读。", "README.md says in plain words what each mechanism is for.", unread_me,
        _PLAIN, _PLAIN + "\n=== README.md\n# 空\n",
    ),
    Rule(
        "mechanism_example", "每个机制至少有一个算例，它就是这个机制的测试。", "Every mechanism has a worked example: its test.", without_example, _PLAIN,
        _PLAIN + "\n=== examples.yaml\n\n",
    ),
    Rule(
        "file_names", "一个机制一个文件，文件以机制代号命名，找得到。", "A mechanism is found in the file of its name.", misplaced, _PLAIN,
        _PLAIN + "\n=== other.yaml\nmechanism: visits\ntitle: 走访\nbasis: 第五条\non: projects\n",
    ),
    Rule(
        "reads", "用到别的包要在 pack.yaml 写明，装不装、先装谁才有数。", "A pack says which other packs it reads.", unread_packs, _ROLLUP + _REFERS, _ROLLUP,
    ),
    Rule(
        "english", "名称最好也有英文，英文界面才不会夹着中文。", "Titles have their English, too.", without_english, _PLAIN,
        _PLAIN + "\nindicators: {n: {title: 项目数, formula: 计数(), per: all, needs: nothing, unit: 个, basis: 第三条}}", advice=True,
    ),
)  # fmt: skip
