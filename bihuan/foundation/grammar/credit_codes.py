"""Unified social credit codes (GB 32100-2015): eighteen characters, of which the last is computed from the others.

The ninth to seventeenth character are the organisation's own number (GB 11714), which ends in a check character of its own. Written here
because it takes twenty lines, and the known package for it (python-stdnum) is under the LGPL and does not look at the organisation's own check
character; the tests hold the two together.
"""

from __future__ import annotations

from operator import mul

from bihuan.foundation.grammar.refusals import Refused

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""No I, O, S, V, Z: they are mistaken for 1, 0, 5, U and 2."""

LENGTH = 18
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_OWN_VALUES = {letter: value for value, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_OWN_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
EXAMPLE = "91350100M000100Y43"


def credit_code(text: str) -> str:
    """The code in capitals without spaces. Raises Refused with the reason where it cannot be one."""
    code = "".join(text.split()).upper()
    if len(code) != LENGTH:
        raise Refused(f"统一社会信用代码是 18 位，这里是 {len(code)} 位", f"a unified social credit code has 18 characters, this one {len(code)}", EXAMPLE)
    wrong = "" if _VALUES.keys() >= set(code) else next(letter for letter in code if letter not in ALPHABET)
    if wrong:
        raise Refused(f"统一社会信用代码里没有“{wrong}”（不用 I、O、S、V、Z）", f"“{wrong}” never stands in a credit code (I, O, S, V, Z are not used)", EXAMPLE)
    if not code[2:8].isdigit():
        raise Refused("统一社会信用代码第 3—8 位是行政区划数字", "characters 3 to 8 of a credit code are digits: the place", EXAMPLE)
    if code[16] != own_check(code[8:16]) or code[17] != check_character(code[:17]):
        raise Refused(f"“{code}”的校验位不对：请逐位核对，多半错了一位或换了两位", f"the check character of “{code}” is wrong: one character is wrong or two are exchanged", EXAMPLE)
    return code


def check_character(first: str) -> str:
    """The last character, from the seventeen before it."""
    total = sum(map(mul, map(_VALUES.__getitem__, first), _WEIGHTS))
    return ALPHABET[-total % 31]


def own_check(first: str) -> str:
    """The check character of the organisation's own number, from the eight before it."""
    rest = -sum(map(mul, map(_OWN_VALUES.__getitem__, first), _OWN_WEIGHTS)) % 11
    return "X" if rest == 10 else str(rest)
