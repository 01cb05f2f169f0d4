"""What a policy pays, takes or asks for, to whoever meets its condition: 给予20万元奖励, 按投资额的8%补助, 单个企业每年最高500万元."""

from __future__ import annotations

import re

from bihuan.computing.reading.contexts import REACH, Sentence
from bihuan.computing.reading.numbers import Mention
from bihuan.computing.reading.wording import any_of, forms, pattern, words

_AWARD = any_of(words("words", "rule", "awards"))
_AWARDED = re.compile(f"{_AWARD}{any_of(words('words', 'rule', 'to_whom'))}*$")
_AWARDS = re.compile(f"的?(?:一次性)?(?:{_AWARD}|资金{_AWARD}|经费|补偿金)")
_SPOKEN_OF = re.compile(f"{_AWARD}|{any_of(words('words', 'rule', 'paid'))}")
_PER_HEAD = re.compile("每[人户亩个家台件套吨月年辆场株头片]|标准|一次性")
_ALLOTTED, _REPORTED = forms("words", "rule", "allotted"), forms("words", "rule", "reported")
_CONDITION, _SHARE_OF = forms("words", "rule", "conditions"), forms("words", "rule", "shares")
_GIVEN, _STARTED, _ASKED = (pattern("words", "rule", key) for key in ("given", "started", "asked"))
_PLANNED = pattern("words", "target", "strong")
_BY_THEN = re.compile("到(?:20[0-9]{2}年|[“\"]?十[一二三四五六七]五)")
_GIVES = re.compile("给予(?:最高)?$|的(?:按|提高[到至])$")
NEAR = 24
"""Characters before an amount in which a word speaks of that amount."""


def is_award(clause: str, mention: Mention, sentence: Sentence) -> bool:
    """Whether a norm speaks of an amount, a share or a bound: one that a policy sets, or a sentence that names its condition."""
    text = sentence.passage.text
    begun = max(text.rfind("。", 0, mention.start), mention.start - 2 * REACH) + 1
    said, after = text[begun : mention.start], text[mention.end : mention.end + 12]
    if not (sentence.policy or _CONDITION.search(said)) or (_GIVEN.search(clause) and not _PER_HEAD.search(clause)):
        return False
    if mention.group in ("money", "rates"):
        if sentence.policy and mention.comparator == "=" and _pays(said, after, mention):
            return True
        if _AWARDED.search(text[begun : mention.bounded]) or _AWARDS.match(after):
            return True
    if mention.group == "rates" and _SHARE_OF.search(said):
        return True
    if mention.comparator == "=" or mention.group == "time" or _REPORTED.search(said) or _BY_THEN.search(said):
        return False
    return bool(sentence.policy or _ASKED.search(said)) and not _PLANNED.search(clause) and not _STARTED.search(clause)


def _pays(said: str, after: str, mention: Mention) -> bool:
    """Whether a sentence of a policy that says nothing of a plan or a result speaks of money or of a share of it."""
    if _ALLOTTED.search(said) or _REPORTED.search(said):
        return False
    if _GIVES.search(said):
        return True
    near = said[-NEAR:]
    if _PLANNED.search(said) or _STARTED.search(near) or (_GIVEN.search(near) and not _PER_HEAD.search(near)):
        return False
    if _SPOKEN_OF.search(said) or _AWARDS.match(after) or _PER_HEAD.search(said):
        return True
    return mention.group == "rates" and re.search("按|比例|标准", near) is not None
