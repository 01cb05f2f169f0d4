"""The language described from its own declarations: a JSON Schema for editors, and the tables of docs/packs.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bihuan.foundation.grammar import (
    assignments,
    cadences,
    criteria,
    documents,
    duplicates,
    examples,
    indicators,
    lifecycles,
    lights,
    mechanisms,
    meetings,
    paying,
    quotas,
    read_in,
    registers,
    scores,
    shows,
)
from bihuan.foundation.grammar.lint import RULES
from bihuan.foundation.grammar.shape import Shape, fields_of

Json = dict[str, Any]

SECTIONS: tuple[tuple[str, type[Shape]], ...] = (
    ("pack.yaml", mechanisms.PackHead), ("roles", mechanisms.Role), ("mechanism", mechanisms.Mechanism), ("parameters", registers.Parameter),
    ("parameters.since", registers.DatedValue), ("register", registers.Register), ("register.fields", registers.FieldShape),
    ("register.figures", registers.Figures), ("register.located", registers.Located),
    ("register.board", shows.Board), ("register.board.rates", shows.Rate),
    ("register.lookups", registers.Lookup), ("register.rollups", registers.Rollup),
    ("register.timeline", registers.Timeline), ("register.read_in", read_in.ReadIn),
    ("register.duplicates", duplicates.Duplicates), ("register.duplicates.compare", duplicates.Compared),
    ("assignments", assignments.Assignment), ("lifecycle", lifecycles.Lifecycle), ("lifecycle.states", lifecycles.State),
    ("lifecycle.moves", lifecycles.Move), ("clocks", lifecycles.Clock), ("clocks.pause", lifecycles.Pause),
    ("clocks.extension", lifecycles.Extension), ("clocks.escalate", lifecycles.Escalation), ("cadences", cadences.Cadence),
    ("cadences.met_by", cadences.MetBy), ("exchanges", cadences.Exchange), ("indicators", indicators.Indicator), ("targets", indicators.Target),
    ("targets.since", indicators.TargetValue), ("lights", lights.Light), ("lights.since", lights.Thresholds), ("lights.conditions", lights.Condition),
    ("lights.override", lights.Override), ("criteria", criteria.Criteria), ("criteria test", criteria.Test), ("criteria all", criteria.Every),
    ("criteria any", criteria.Any), ("criteria at_least", criteria.AtLeast), ("criteria not", criteria.Not), ("criteria.exempt", criteria.Exemption),
    ("criteria.pays", paying.Payment), ("pays.budget", paying.Budget), ("pays.budget.order", paying.Priority),
    ("quotas", quotas.Quota), ("quotas.accounts", quotas.Account), ("quotas.granted", quotas.Granted),
    ("quotas.take_back", quotas.TakeBack),
    ("scores", scores.Score), ("scores.parts", scores.Part), ("scores.multiplier", scores.Multiplier), ("documents", documents.Document),
    ("documents.body text", documents.TextPart), ("documents.body table", documents.TablePart), ("trigger every", documents.Periodic),
    ("trigger light", documents.Turns), ("trigger state", documents.Moved), ("trigger recorded", documents.Recorded),
    ("trigger missed", documents.Missed), ("trigger by", documents.ByHand), ("handoffs", documents.Handoff), ("handoffs.start", documents.Start),
    ("meetings", meetings.Meeting), ("meetings.agenda", meetings.Agenda), ("meetings.agenda.draw", meetings.Draw),
    ("meetings.decisions", meetings.Decisions), ("meetings.attendance", meetings.Attendance),
    ("example", examples.Example), ("example.history", examples.Step), ("example.history.extend", examples.Lengthening),
    ("example.history.ask", examples.Asked),
    ("example.history.override", examples.HandSet), ("example.history.post", examples.Booked), ("example.expect", examples.Expected), ("expect.lights", examples.LightExpected),
    ("expect.criteria", examples.CriteriaExpected), ("expect.pays", examples.PaymentExpected), ("expect.grants", examples.GrantExpected),
    ("expect.clocks", examples.ClockExpected), ("expect.scores", examples.ScoreExpected),
)  # fmt: skip
"""Every shape an author may write, by the name docs/packs.md gives its table."""

_BEGIN, _END = "<!-- table: {name} -->", "<!-- end -->"


def tables() -> dict[str, str]:
    """Every generated table of docs/packs.md, by name: the keys of each shape, and the house rules."""
    return {name: key_table(shape) for name, shape in SECTIONS} | {"rules": rule_table()}


def key_table(shape: type[Shape]) -> str:
    """The keys of one shape as a Markdown table, in the order they are written."""
    lines = ["| key | 含义 | meaning | example |", "|---|---|---|---|"]
    for key, declared in fields_of(shape):
        needed = "**" if declared.is_required() else ""
        example = _cell(f"`{declared.examples[0]}`") if declared.examples and declared.examples[0] else ""
        allowed = _allowed(declared.annotation)
        lines.append(f"| {needed}`{key}`{needed} | {_cell(declared.description or '')}{allowed} | {_cell(declared.title or '')} | {example} |")
    return "\n".join(lines)


def _allowed(kind: Any) -> str:
    """The fixed words of a key, where it has some."""
    values = [value for value in get_args(kind) if isinstance(value, str) and value] if get_origin(kind) is not dict else []
    return "：" + "、".join(f"`{value}`" for value in values) if values else ""


def rule_table() -> str:
    """The house rules as a Markdown table; advice is marked."""
    lines = ["| rule | 要求 | demand |", "|---|---|---|"]
    for rule in RULES:
        mark = " （提醒）" if rule.advice else ""
        lines.append(f"| `{rule.name}`{mark} | {_cell(rule.demand)} | {_cell(rule.demand_en)} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def with_tables(page: str, printed: Mapping[str, str]) -> str:
    """A page with every marked table printed anew, by name. Raises KeyError for a mark that names no table."""

    def table(found: re.Match[str]) -> str:
        return f"{found[0].splitlines()[0]}\n\n{printed[found['name']]}\n\n{_END}"

    return re.sub(r"<!-- table: (?P<name>.+?) -->\n.*?" + re.escape(_END), table, page, flags=re.DOTALL)


def json_schema() -> Json:
    """One JSON Schema for every file of a pack: a mechanism, pack.yaml or examples.

    Editors read YAML with types of their own (a bare 5 is a number), so where the grammar takes text the schema takes those, too.
    """
    roots: tuple[type[BaseModel], ...] = (mechanisms.Mechanism, mechanisms.PackHead, examples.Example)
    found, schema = models_json_schema([(root, "validation") for root in roots], by_alias=True)
    refs = {root.__name__: found[root, "validation"] for root in roots}
    definitions = {name: _loosened(definition) for name, definition in sorted(schema["$defs"].items())}
    definitions["Expected"]["additionalProperties"] = {"type": ["string", "number", "boolean", "null"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Bihuan pack",
        "description": "应用包中的任一 YAML 文件：一个机制、pack.yaml 或算例",
        "oneOf": [refs["Mechanism"], refs["PackHead"], {"type": "array", "items": refs["Example"]}],
        "$defs": definitions,
    }


_SCALARS: Mapping[str, list[str]] = {"string": ["string", "number", "boolean"], "boolean": ["boolean", "string"], "integer": ["integer", "string"], "number": ["number", "string"]}


def _loosened(schema: Any) -> Any:
    """The schema with every plain type widened to what an editor may take the same text for."""
    if isinstance(schema, list):
        return [_loosened(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    words = schema.get("type") == "array" and schema.get("items") == {"type": "string"}
    widened = {key: _loosened(value) if key not in ("enum", "examples", "default", "required") else value for key, value in schema.items()}
    if words:
        widened["type"] = ["array", "string"]
    elif isinstance(schema.get("type"), str) and schema["type"] in _SCALARS and "enum" not in schema and "const" not in schema:
        widened["type"] = _SCALARS[schema["type"]]
    return widened
