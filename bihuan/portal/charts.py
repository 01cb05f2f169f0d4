"""Data for charts. A chart is a picture: its numbers are divided for display here, and nothing computes with them afterwards."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from bihuan.foundation.grammar import periods
from bihuan.foundation.grammar.registers import FieldShape, Figures
from bihuan.foundation.grammar.scopes import measure_of
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Figure
from bihuan.portal import words
from bihuan.portal.visits import Shaped, Visit

MOST_SERIES = 4


def figures(visit: Visit, view: RegisterView, found: Sequence[Figure]) -> Shaped | None:
    """This year's figures of one row, gathered period by period: what a light's indicator puts above its line, and the plan it divides by.

    None where the row has no figures this year.
    """
    shape = view.shape.figures
    this_year = [figure for figure in found if figure.period.startswith(str(visit.day.year))]
    if shape is None or not this_year:
        return None
    series = _series(view, shape)
    first = shape.fields[series[0][0]]
    labels = sorted({figure.period for figure in this_year})
    values = {(figure.field, figure.period): figure.value for figure in this_year}
    return {
        "id": "figures", "title": _("按期数值：%(titles)s") % {"titles": words.listed(visit.title(shape.fields[key]) for key, _drawn in series)},
        "unit": words.unit_text(first.unit), "labels": [_label(visit, text) for text in labels], "now": None, "note": None,
        "series": [_gathered(visit, shape.fields[key], drawn, [values.get((key, text)) for text in labels]) for key, drawn in series],
    }  # fmt: skip


def _series(view: RegisterView, shape: Figures) -> list[tuple[str, str]]:
    """The figures that share a unit with the leading one, each with how it is drawn: what is done as a line, what it is held against dashed."""
    order = _held_against(view, shape) or list(shape.fields)
    unit = shape.fields[order[0]].unit
    same = [key for key in order if shape.fields[key].unit == unit][:MOST_SERIES]
    return [(key, "dashed" if at == 1 else "line") for at, key in enumerate(same)]


def _held_against(view: RegisterView, shape: Figures) -> list[str]:
    """The figures of the first indicator that a light judges, in the order its formula names them."""
    for light in view.lights.values():
        indicator = view.indicators.find(light.shape.of, light.mechanism) if light.shape.of else None
        if indicator is None:
            continue
        text = indicator.shape.formula
        places = {key: min((text.find(word) for word in (field.title, key) if word in text), default=-1) for key, field in shape.fields.items()}
        named = sorted((key for key, place in places.items() if place >= 0), key=lambda key: places[key])
        if named:
            return named
    return []


def _gathered(visit: Visit, shape: FieldShape, drawn: str, stored: Sequence[int | None]) -> Shaped:
    """A series summed up from the first period; after the last value there is nothing to draw."""
    per_unit = measure_of(shape).stored_per_unit
    last = max((at for at, value in enumerate(stored) if value is not None), default=-1)
    total, values = 0, list[float | None]()
    for at, value in enumerate(stored):
        total += value or 0
        values.append(round(total / per_unit, 2) if at <= last else None)
    return {"name": visit.title(shape), "shape": drawn, "values": values}


def _label(visit: Visit, text: str) -> str:
    period = periods.parse(text)
    return period.label.partition("年")[2] if visit.language.startswith("zh") else period.label_en.rpartition(" ")[0] or text


def turned(labels: Sequence[str], counts: Sequence[Mapping[str, int]]) -> Shaped | None:
    """How many rows were red and yellow at the end of each of some months; None where none ever was judged."""
    if not any(counts):
        return None
    return {
        "id": "trend", "title": _("红黄灯走势"), "unit": _("行"), "labels": list(labels), "now": None, "note": None, "whole": True,
        "series": [
            {"name": _("红灯"), "shape": "line", "colour": "red", "values": [one.get("red", 0) for one in counts]},
            {"name": _("黄灯"), "shape": "line", "colour": "yellow", "values": [one.get("yellow", 0) for one in counts]},
        ],
    }  # fmt: skip


def by_month(visit: Visit, title: str, unit: str, known: Mapping[str, float], year: int) -> Shaped | None:
    """A figure by period: the year as bars, the year before as a line; None where neither has one."""
    parts = sorted({text.partition("-")[2] for text in known})
    if not parts:
        return None
    values = {which: [known.get(f"{which}-{part}") for part in parts] for which in (year - 1, year)}
    return {
        "id": "trend", "title": title, "unit": unit, "labels": [_label(visit, f"{year}-{part}") for part in parts], "now": None, "note": None,
        "series": [
            {"name": _("本年"), "shape": "bar", "values": values[year]}, {"name": _("上年"), "shape": "line", "values": values[year - 1]},
        ],
    }  # fmt: skip


def by_group(groups: Sequence[str], series: Sequence[tuple[str, Mapping[str, float | None]]], unit: str) -> Shaped | None:
    """Some indicators side by side for each group, in the unit given; None where there is none."""
    if not series or not groups:
        return None
    return {
        "id": "rates", "title": words.listed(name for name, _values in series), "unit": unit, "labels": list(groups), "now": None, "note": None,
        "series": [
            {"name": name, "shape": "bar", "values": [None if (value := values.get(group)) is None else round(value, 1) for group in groups]}
            for name, values in series
        ],
    }  # fmt: skip
