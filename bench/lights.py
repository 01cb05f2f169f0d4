"""Five lights over projects with twelve months of figures: everything, what changed, one figure. `python -m bench.lights [--quick]`."""

import importlib.util
import statistics
import time
from collections import Counter

from django.db import connection, transaction

from bench._city import AT, DAY, REGISTER, open_city, put_in_database
from bench._measuring import Sheet, quick, seconds
from bihuan.computing import follow, tables
from bihuan.computing.engine import run
from bihuan.computing.judge import judge, row_lights
from bihuan.computing.tables import Columns
from bihuan.foundation.access import SYSTEM
from bihuan.foundation.actions import FigureGiven, record_figures
from bihuan.foundation.grammar.plans import Wanted, row_plan
from bihuan.foundation.ledger import writing
from bihuan.foundation.models import Cursor, Entry, Event, Figure, Verdict


def main() -> int:
    """Measure and print."""
    size = 2_000 if quick() else 100_000
    sheet = Sheet()
    open_city()
    print(f"{size:,} projects × 12 months × 5 lights, {connection.vendor}")
    sheet.note("夹具入库 fixture into the database", size, seconds(lambda: put_in_database(size)), "s")
    holder: list[Columns] = []
    sheet.note("读成列 database into columns", size, seconds(lambda: holder.append(tables.current(DAY))), "s")
    columns = holder[0]
    bulk(columns, size, sheet)
    single(size, sheet)
    others(tables.current(DAY), size, sheet)
    return sheet.finish()


def bulk(columns: Columns, size: int, sheet: Sheet) -> None:
    """All lights computed; judged and written for the first time; judged again with nothing new; judged and written after a month's figures."""
    view = columns.catalogue.registers[REGISTER]
    plan = row_plan(columns.catalogue, view, Wanted(lights=row_lights(view)), [DAY])
    counted = ", ".join(f'count("{light}")' for light in row_lights(view))
    sheet.note("五灯计算 computing all lights", size, seconds(lambda: run(columns, f"{plan.sql} SELECT {counted} FROM judged")), "s")
    print(f"  first judgement of {size * 5:,} lights …")
    sheet.note("首次判灯并入账 first judgement, all written", size, seconds(lambda: write(columns)), "s")
    assert Verdict.objects.filter(to_day__isnull=True).count() == size * 5
    columns = tables.current(DAY)
    sheet.note("重算比对无变化 recomputed and compared, nothing new", size, seconds(lambda: judge(columns, DAY)), "s")
    change_a_month(size)
    columns = fresh_columns()
    before = Verdict.objects.count()
    sheet.note("全量重算、比对、变化入账 recomputed, compared, changes written", size, seconds(lambda: write(columns)), "s", most=5 * size / 100_000 if size > 10_000 else 5)
    print(f"  ({Verdict.objects.count() - before:,} lights turned)")


def write(columns: Columns) -> None:
    """Judge everything and write what turned, in one transaction."""
    with writing():
        follow.record_turned(judge(columns, DAY), AT)


def change_a_month(size: int) -> None:
    """November corrected for one project in ten."""
    changed = Figure.objects.filter(field="completed", period="2025-11", entry_id__lte=size // 10)
    with transaction.atomic():
        for figure in changed.iterator(chunk_size=2000):
            Figure.objects.filter(pk=figure.pk).update(value=(figure.value or 0) // 2)


def fresh_columns() -> Columns:
    """The columns read again from the start."""
    tables.forget()
    return tables.current(DAY)


def single(size: int, sheet: Sheet) -> None:
    """One changed figure: committed, followed, and the new light stands."""
    head = Event.objects.order_by("-seq").values_list("seq", flat=True).first()
    Cursor.objects.update_or_create(name=follow.FOLLOW, defaults={"seq": head})
    keys = list(Entry.objects.order_by("pk").values_list("key", flat=True)[size // 2 : size // 2 + 32])
    whole, following, busy = [], [], []
    for place, key in enumerate(keys):
        given = [FigureGiven(key, "completed", "2025-11", 1 + place % 2)]
        worked = time.process_time()
        commit = seconds(lambda given=given: record_figures(SYSTEM, REGISTER, given, AT))
        after = seconds(lambda: follow.catch_up(AT))
        whole.append(commit + after)
        following.append(after)
        busy.append(time.process_time() - worked)
    assert Verdict.objects.filter(entry__key=keys[-1], light="monthly", to_day__isnull=True).get().colour == "red"
    sheet.note("一个数提交到新灯 one figure: commit to new light (median)", size, statistics.median(whole[2:]) * 1000, "ms", most=50)
    sheet.note("其中处理器时间 of which this process computing (median)", size, statistics.median(busy[2:]) * 1000, "ms")
    sheet.note("其中跟随判灯 of which following (median)", size, statistics.median(following[2:]) * 1000, "ms")


def others(columns: Columns, size: int, sheet: Sheet) -> None:
    """The same year-to-date light the ways it is often done: pandas over the same columns, and objects row by row. The colours are held together."""
    view = columns.catalogue.registers[REGISTER]
    plan = row_plan(columns.catalogue, view, Wanted(lights=("projects.progress",)), [DAY])
    asked = f'{plan.sql} SELECT "projects.progress" AS code, count(*) AS rows FROM judged WHERE _id <= {{}} AND "projects.progress" >= 0 GROUP BY 1'
    kept: list[Colours] = []
    ours = seconds(lambda: kept.append({COLOURS[row["code"]]: row["rows"] for row in run(columns, asked.format(size))}))
    sheet.note("一灯 one light, this engine", size, ours, "s")
    if importlib.util.find_spec("pandas"):
        took, found = pandas_light(columns)
        assert found == kept[0], (found, kept[0])
        sheet.note("同一灯与 pandas 之比 pandas takes × of ours", size, took / ours, "×")
    else:
        print("  pandas is not installed: no ratio (pip install -r bench/requirements-peers.txt)")
    few = min(size, 2_000)
    took, found = orm_light(few)
    assert found == {COLOURS[row["code"]]: row["rows"] for row in run(columns, asked.format(few))}, found
    sheet.note("同一灯与逐行对象之比 objects row by row take × of ours", size, took * size / few / ours, "×")


COLOURS = ("green", "yellow", "red")
Colours = dict[str, int]
"""How many rows have each colour."""


def pandas_light(columns: Columns) -> tuple[float, Colours]:
    """The light in pandas, from figures that are already a data frame: how long it takes, and what comes out."""
    import pandas  # noqa: PLC0415  only where somebody installed it

    frame = columns.connection.execute("SELECT _id, _period, planned, completed FROM f_bench__projects WHERE _period <= '2025-11'").df()
    kept: list[Colours] = []

    def light() -> None:
        whole = frame.groupby("_id").agg(
            planned=("planned", "sum"), completed=("completed", "sum"), n=("completed", "count"), p=("planned", "count")
        )
        value = (whole.completed / whole.planned).where((whole.n == 11) & (whole.p == 11) & (whole.planned != 0))
        colour = pandas.cut(value, [-1, 0.8 - 1e-9, 0.95 - 1e-9, 99], labels=["red", "yellow", "green"], right=False)
        kept.append({str(word): int(rows) for word, rows in colour.value_counts().items() if rows})

    took = seconds(light)
    return took, kept[0]


def orm_light(rows: int) -> tuple[float, Colours]:
    """The light with one query and one sum a row."""
    found: Counter[str] = Counter()

    def light() -> None:
        for entry in Entry.objects.filter(register=REGISTER, pk__lte=rows).order_by("pk"):
            figures = list(entry.figures.filter(period__lte="2025-11"))
            planned = [figure.value for figure in figures if figure.field == "planned" and figure.value is not None]
            completed = [figure.value for figure in figures if figure.field == "completed" and figure.value is not None]
            if len(planned) == len(completed) == 11 and sum(planned):
                value = sum(completed) / sum(planned)
                found["green" if value >= 0.95 - 1e-9 else "yellow" if value >= 0.8 - 1e-9 else "red"] += 1

    took = seconds(light)
    return took, dict(found)


if __name__ == "__main__":
    raise SystemExit(main())
