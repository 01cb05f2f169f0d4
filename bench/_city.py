"""An invented city of any size from one seed: a pack with five lights, and its rows in the database or straight in the columns."""

import json
import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime

_HOME = tempfile.TemporaryDirectory(prefix="bihuan-bench-")
os.environ["BIHUAN_HOME"] = _HOME.name
os.environ["BIHUAN_DATABASE"] = os.environ.pop("BIHUAN_BENCH_DATABASE", "")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from bihuan.computing import lamps, tables  # noqa: E402
from bihuan.computing.tables import Columns  # noqa: E402
from bihuan.foundation.access import SYSTEM  # noqa: E402
from bihuan.foundation.actions import OfficeGiven, adopt, set_office  # noqa: E402

SEED = 20250708
DAY = date(2025, 12, 8)
AT = datetime(2025, 12, 8, 1, tzinfo=UTC)
REGISTER = "bench.projects"
COUNTIES = ["濮阳县", "清丰县", "南乐县", "范县", "台前县", "华龙区", "开发区", "示范区"]
INDUSTRIES = ["先进制造业", "现代服务业", "能源", "交通", "社会民生"]
PERIODS = [f"2025-{month:02d}" for month in range(1, 13)]
WAN = 1_000_000

HEAD = """
pack: bench
title: 测量
version: "1"
owner: 测量
basis: 测量
in_force: 2020-01
roles: {officer: {title: 经办人}}
"""
PROJECTS = """
mechanism: projects
title: 项目
basis: 测量
parameters:
  grace: {title: 宽限天数, unit: 天, since: {2020-01: {value: "30", basis: 测量}}}
register:
  title: 项目
  key: code
  name: name
  office: county
  fields:
    code: {title: 编码, kind: text, required: 是, listed: 是}
    name: {title: 名称, kind: text, required: 是, listed: 是}
    county: {title: 县区, kind: office, required: 是, listed: 是}
    industry: {title: 行业, kind: choice, choices: [先进制造业, 现代服务业, 能源, 交通, 社会民生], listed: 是}
    estimate: {title: 概算投资, kind: money, unit: 万元, listed: 是}
    planned_start: {title: 计划开工日期, kind: date}
    planned_finish: {title: 计划竣工日期, kind: date}
    started_on: {title: 开工日期, kind: date}
    high_tech: {title: 高技术, kind: yes_no}
  figures:
    every: month
    fields:
      planned: {title: 计划投资, kind: money, unit: 万元}
      completed: {title: 完成投资, kind: money, unit: 万元}
indicators:
  progress: {title: 投资进度, formula: 合计(完成投资) / 合计(计划投资), over: year_to_date, needs: every_period, unit: '%'}
  monthly: {title: 当月进度, formula: 合计(完成投资) / 合计(计划投资), over: month, needs: every_period, unit: '%'}
  share: {title: 完成占比, formula: 合计(完成投资) / 概算投资, over: to_date, needs: any_period, unit: '%'}
  late: {title: 开工滞后, formula: '天数(计划开工日期, 今天)', unit: 天, decimals: 0}
lights:
  progress: {title: 进度灯, of: progress, without_data: grey, since: {2024-01: {green: 100%, yellow: 90%, basis: 一}, 2025-01: {green: 95%, yellow: 80%, basis: 一}}}
  monthly: {title: 当月灯, of: monthly, without_data: grey, since: {2024-01: {green: 95%, yellow: 80%, basis: 二}}}
  share: {title: 占比灯, of: share, without_data: grey, since: {2024-01: {green: 50%, yellow: 25%, basis: 三}}}
  start:
    title: 开工灯
    without_data: grey
    conditions:
      - {colour: red, if: 为空(开工日期) 且 开工滞后 > 宽限天数, because: '滞后 {开工滞后}', basis: 四}
      - {colour: yellow, if: 为空(开工日期) 且 开工滞后 > 0, because: '滞后 {开工滞后}', basis: 四}
      - {colour: green, otherwise: 是, because: 按期, basis: 四}
  plate:
    title: 挂牌
    without_data: grey
    conditions:
      - {colour: red, if: 投资进度 < 60%, because: '进度 {投资进度}', basis: 五}
      - {colour: yellow, if: 投资进度 < 80% 或 当月进度 < 60%, because: '进度 {投资进度}', basis: 五}
      - {colour: green, otherwise: 是, because: 正常, basis: 五}
"""
FILES = {"pack.yaml": HEAD, "projects.yaml": PROJECTS}


def open_city() -> None:
    """A fresh database with the offices and the pack."""
    call_command("migrate", verbosity=0, interactive=False)
    set_office(SYSTEM, OfficeGiven("濮阳市", "city"), AT)
    for county in COUNTIES:
        set_office(SYSTEM, OfficeGiven(county, "county", "濮阳市"), AT)
    adopt(SYSTEM, FILES, None, AT)


def project(chance: random.Random, number: int) -> dict[str, object]:
    """The stored values of one invented project."""
    start = date(2025, chance.randint(1, 12), chance.randint(1, 28))
    return {
        "code": f"P-{number:07d}", "name": f"{chance.choice(INDUSTRIES)}项目 {number}", "county": chance.choice(COUNTIES),
        "industry": chance.choice(INDUSTRIES), "estimate": chance.randint(1_000, 500_000) * WAN, "planned_start": start.isoformat(),
        "planned_finish": date(2027, 6, 30).isoformat(), "started_on": start.isoformat() if chance.random() < 0.8 else None,
        "high_tech": chance.random() < 0.2,
    }  # fmt: skip


def put_in_database(size: int) -> None:
    """`size` projects with twelve months of two figures each, written behind the ledger: a measurement's fixture, not a way to write."""
    chance = random.Random(SEED)
    seq = 12
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO foundation_entry (id, register, key, title, office, enterprise, state, data, version, recorded_seq, changed_seq, withdrawn)"
            " VALUES (%s, %s, %s, %s, %s, '', '', %s, 1, %s, %s, %s)",
            [
                (number, REGISTER, row["code"], row["name"], row["county"], json.dumps(row, ensure_ascii=False), seq, seq, False)
                for number, row in ((number, project(chance, number)) for number in range(1, size + 1))
            ],
        )
        cursor.executemany(
            "INSERT INTO foundation_figure (id, entry_id, field, period, value, source, seq) VALUES (%s, %s, %s, %s, %s, '{}', %s)",
            ((place, *figure, seq) for place, figure in enumerate(figures(chance, size), start=1)),
        )


def figures(chance: random.Random, size: int) -> Iterator[tuple[int, str, str, int | None]]:
    """Planned and completed of every project and month; one in five hundred is missing."""
    for number in range(1, size + 1):
        pace = chance.uniform(0.5, 1.2)
        for period in PERIODS:
            planned = chance.randint(100, 5_000) * WAN
            yield number, "planned", period, planned
            yield number, "completed", period, None if chance.random() < 0.002 else int(planned * min(1.5, pace * chance.uniform(0.8, 1.2)))


def put_in_columns(size: int) -> Columns:
    """`size` projects straight in the columns, with verdicts, for measurements that need no database rows."""
    columns = tables.current(DAY)
    counties, industries = (f"list_value({', '.join(repr(word) for word in words)})" for words in (COUNTIES, INDUSTRIES))
    columns.connection.execute(
        f"INSERT INTO r_bench__projects SELECT i, printf('P-%07d', i), '项目 ' || i, {counties}[(1 + i % 8)::INT], '', NULL, printf('P-%07d', i), '项目 ' || i, "
        f"{counties}[(1 + i % 8)::INT], {industries}[(1 + i % 5)::INT], (1000 + hash(i) % 500000)::BIGINT * {WAN}, DATE '2025-01-01' + (i % 365)::INT, "
        f"DATE '2027-06-30', CASE WHEN i % 5 > 0 THEN DATE '2025-01-01' + (i % 365)::INT END, i % 5 = 0 FROM range(1, {size + 1}) t(i)"
    )
    columns.connection.execute(
        f"INSERT INTO f_bench__projects SELECT i, printf('2025-%02d', m), (100 + hash(i, m) % 4900)::BIGINT * {WAN}, "
        f"(100 + hash(m, i) % 4900)::BIGINT * {WAN} FROM range(1, {size + 1}) t(i), range(1, 13) u(m)"
    )
    for light in ("progress", "monthly", "share", "start", "plate"):
        columns.connection.execute(
            f"INSERT INTO verdicts SELECT i, '{REGISTER}', '{REGISTER}.{light}', list_value('red', 'yellow', 'green')[(1 + hash(i, '{light}') % 3)::INT], "
            f"0, '', DATE '2025-01-01', '' FROM range(1, {size + 1}) t(i)"
        )
    columns.populated.add(REGISTER)
    lamps.renew(columns.connection, columns.catalogue.registers[REGISTER])
    return columns
