"""`bihuan read --propose`: beside what the rules read, what a model would say where they are unsure; printed, and never recorded."""

import json
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.site import open_site
from bihuan.computing.endpoint import Endpoint, NoAnswer, ask, configured
from bihuan.computing.reading.proposing import AT_A_TIME, MOST, Dropped, Proposal, messages, proposals, unsure
from bihuan.computing.reading.statements import Statement

REASONS: dict[Dropped, tuple[str, str]] = {
    "form": ("不成形", "malformed"),
    "sentence": ("没问过的句子", "a sentence not asked about"),
    "quote": ("引文不在原句里", "a quote that is not in its sentence"),
    "number": ("数字、单位或界限与原文不符", "a number, unit or bound that is not the printed one"),
    "kind": ("不是目标、实绩、规定", "no target, actual or rule"),
    "words": ("添了原文没有的名称", "a name that is not in the text"),
    "period": ("添了原文没有的期间", "a period that is not in the text"),
    "again": ("重复", "repeated"),
    "same": ("与规则读出的一样", "the same as the rules"),
}


def propose(options: Namespace, found: Sequence[Statement]) -> None:
    """Print what a model proposes for the sentences the rules are unsure of. Whatever goes wrong is said on standard error."""
    endpoint = configured()
    if endpoint is None:
        _note("没有设置 BIHUAN_MODEL_ADDRESS，没有问模型；以上都是规则读出的", "BIHUAN_MODEL_ADDRESS is not set: no model was asked; all above was read by the rules")
        return
    open_site()
    at = clock.now()
    proposed, dropped = _asked(endpoint, found)
    for one in proposed:
        if options.format == "jsonl":
            sys.stdout.write(json.dumps({**one.row(), "proposed": _source(endpoint, at)}, ensure_ascii=False) + "\n")
        else:
            print(_line(one, endpoint, at))
    reasons = say("、", ", ").join(f"{say(*REASONS[reason])} {count}" for reason, count in sorted(dropped.items()))
    _note(
        f"模型提议 {len(proposed)} 条，未经人确认，不入台账；丢弃 {dropped.total()} 条" + (f"（{reasons}）" if reasons else ""),
        f"{len(proposed)} proposal(s) by the model, confirmed by nobody and not recorded; {dropped.total()} dropped" + (f" ({reasons})" if reasons else ""),
    )


def _asked(endpoint: Endpoint, found: Sequence[Statement]) -> tuple[list[Proposal], Counter[Dropped]]:
    """Ask about some sentences at a time; at the first failure say so and ask no more."""
    questions = unsure(found)
    proposed: list[Proposal] = []
    dropped: Counter[Dropped] = Counter()
    if len(questions) > MOST:
        _note(f"拿不准的句子有 {len(questions)} 句，只问前 {MOST} 句", f"{len(questions)} sentences are unsure: only the first {MOST} are asked about")
    for first in range(0, min(len(questions), MOST), AT_A_TIME):
        some = questions[first : min(first + AT_A_TIME, MOST)]
        try:
            taken, refused = proposals(some, ask(endpoint, messages(some)))
        except NoAnswer as failure:
            _note(f"{failure.zh}；以上规则读出的不受影响", f"{failure.en}; what the rules read above stands")
            break
        except ValueError:
            _note("模型的答复读不懂；以上规则读出的不受影响", "the model's answer cannot be read; what the rules read above stands")
            break
        proposed += taken
        dropped += refused
    return proposed, dropped


def _source(endpoint: Endpoint, at: datetime) -> dict[str, Any]:
    return {"by": "model", "model": endpoint.model, "at": at.isoformat(timespec="seconds")}


def _line(one: Proposal, endpoint: Endpoint, at: datetime) -> str:
    row = one.row()
    amount = f"{row['low']}—{row['high']}" if "low" in row else f"{row['value']}"
    kinds = {"target": ("目标", "target"), "actual": ("实绩", "actual"), "rule": ("规定", "rule")}
    who = say(f"模型 {endpoint.model} 提议，{at:%Y-%m-%d %H:%M}，未经人确认", f"proposed by the model {endpoint.model}, {at:%Y-%m-%d %H:%M}, confirmed by nobody")
    return f"{row['line']:>5}  {say(*kinds[one.kind])}  {amount}{row['unit']}  {row['period'] or say('未写时间', 'no period')}  {row['quote']}  [{who}]"


def _note(zh: str, en: str) -> None:
    sys.stderr.write(say(zh, en) + "\n")
