"""``register.duplicates``: which fields tell that two rows of a register are one thing, and who may say so.

Computing only proposes pairs, each with its reasons. That two rows are one is said by a person, is an entry of the ledger, and can be taken back.
"""

from __future__ import annotations

from typing import Literal

from bihuan.foundation.grammar.shape import Key, Shape, Words, said

Likeness = Literal["credit_code", "organisation", "title", "address", "phone", "person", "amount", "same"]
"""The ways of comparing two values; `computing/linking/likeness.py` says what each one sees and how much it weighs."""

LIKELY = r"^(\d{1,2}(\.\d{1,6})?)%$"


class Compared(Shape):
    """How one field is compared."""

    as_: Likeness = said(
        "比较办法：credit_code 统一社会信用代码、organisation 企业名称、title 项目名称、address 地址、phone 电话、person 姓名、amount 金额或数、same 是否相同",
        "how it is compared: a credit code, the name of an enterprise, the name of a project, an address, a telephone number, a person's name, an amount, "
        "or only whether it is the same", "organisation",
    )  # fmt: skip
    otherwise: str = said(
        "本字段没有可比的值时改取哪个字段（如代码有误时另记的原文）", "the field that is taken where this one holds nothing that can be compared", "code_given", ""
    )


class Duplicates(Shape):
    """What tells that two rows are one, and who confirms it."""

    compare: dict[Key, Compared] = said("比较哪些字段、怎样比较", "the fields that are compared, and how", "{name: {as: organisation}, phone: {as: phone}}", min_length=1)
    likely: str = said("达到多大可能才提出来核对", "from which probability on a pair is put forward", "99%", "99%", pattern=LIKELY)
    confirmed_by: Words = said("谁可以认定、合并和撤销（角色）", "the roles that may say so, merge and take it back", "[supervisor]", ["supervisor"])
    basis: str = said("依据", "the rule it rests on", "《办法》第五条")

    @property
    def probability(self) -> float:
        """`likely` as a number between 0 and 1."""
        return float(self.likely.removesuffix("%")) / 100
