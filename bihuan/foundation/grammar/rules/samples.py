"""The pack on which the samples of the house rules are laid: a small register of projects, with everything a pack needs."""

from __future__ import annotations

import re

from bihuan.foundation.grammar.packs import Pack, read_pack
from bihuan.foundation.grammar.yaml_text import read

_HEAD = """
pack: city
title: 项目管理
title_en: Projects
version: '1.0'
owner: 市发改委
basis: 《办法》
in_force: 2024
roles: {officer: {title: 经办人, title_en: officer}, supervisor: {title: 督查, title_en: supervisor}}
"""

_SECTIONS = {
    "mechanism": "mechanism: projects",
    "title": "title: 项目总库",
    "title_en": "title_en: Projects",
    "basis": "basis: 《办法》第一条",
    "register": """
register:
  title: 项目
  key: code
  name: name
  office: county
  fields:
    code: {title: 项目编码, kind: text, required: 是}
    name: {title: 项目名称, kind: text}
    county: {title: 所在县区, kind: office, required: 是}
    estimate: {title: 概算投资, kind: money, unit: 万元}
    days: {title: 滞后天数, kind: number, unit: 天}
    started_on: {title: 开工日期, kind: date}
""",
}

_FILES = {
    "pack.yaml": _HEAD,
    "README.md": "# 项目管理\n\n项目总库：登记全市项目。\n",
    "examples.yaml": "- {example: 登记, mechanism: projects, day: 2025-07-08, given: {甲: {概算投资: 1000}}, expect: {甲: {概算投资: 1000}}}\n",
}


def sample_pack(sample: str) -> Pack:
    """The base pack with the sections (and files) of ``sample`` in place of its own. Raises PackError."""
    first, *others = re.split(r"^=== (\S+)\n", sample, flags=re.MULTILINE)
    files = _FILES | dict(zip(others[::2], others[1::2], strict=True))
    tree = read(first, "projects.yaml").tree
    laid = [text for key, text in _SECTIONS.items() if not isinstance(tree, dict) or key not in tree]
    return read_pack({**files, "projects.yaml": "\n".join([*laid, first])}, "city")
