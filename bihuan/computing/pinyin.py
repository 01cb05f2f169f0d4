"""How Chinese is typed in letters: the syllables of a text, one a character, and the pattern that finds letters in them.

A text is kept as its syllables, each with a capital: 重大项目 is ``ZhongDaXiangMu``. So one pattern takes initials (``zdxm``), whole
syllables (``zhongda``) and any mixture (``zhdaxm``), and never begins in the middle of a syllable.
"""

from __future__ import annotations

import re
from functools import cache

from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

LONGEST = 40
"""Letters of a word that are looked for; more say nothing more."""

_CHINESE = re.compile(r"[㐀-鿿]")


def syllables(text: str) -> list[str]:
    """The sound of each character: a syllable with a capital, a capital letter or a digit as it is, nothing for a mark.

    A character with several sounds takes the one it has in a word of two characters with its neighbour: 银行 is ``Yin Hang``.
    """
    sounds = [_sound(one) for one in text]
    pairs = _pairs()
    for place in range(len(text) - 1):
        word = text[place : place + 2]
        if word in pairs:
            sounds[place], sounds[place + 1] = pairs[word]
    return sounds


def camel(text: str) -> str:
    """The syllables of a text as one word: 10万吨 is ``10WanDun``."""
    return "".join(syllables(text))


def pattern(letters: str) -> str:
    """A regular expression for `camel` that finds letters and digits typed as initials, as whole syllables, or as a mixture of both."""
    wanted = letters[:LONGEST].lower()
    further = (f"(?:{small}|[a-z]*{small.upper()})" if small.isalpha() else f"[a-z]*{small}" for small in wanted[1:])
    return wanted[:1].upper() + "".join(further)


def heard(text: str, letters: str) -> tuple[int, int] | None:
    """Which characters of a text the letters stand for, as first and behind the last; None where they are not in it."""
    sounds = syllables(text)
    found = re.search(pattern(letters), "".join(sounds))
    if found is None:
        return None
    ends, place = [], 0
    for sound in sounds:
        place += len(sound)
        ends.append(place)
    first = next(at for at, end in enumerate(ends) if end > found.start())
    return first, next(at for at, end in enumerate(ends) if end >= found.end()) + 1


def typed(word: str) -> bool:
    """Whether a word may be pinyin: letters and digits of the keyboard, and a letter among them."""
    return word.isascii() and word.isalnum() and any(map(str.isalpha, word))


@cache
def _sound(character: str) -> str:
    if character.isascii():
        return character.upper() if character.isalnum() else ""
    sounds = pinyin_dict.get(ord(character))
    return _plain(sounds.split(",")[0]) if sounds and _CHINESE.match(character) else ""


def _plain(sound: str) -> str:
    return str(to_normal(sound)).capitalize()


@cache
def _pairs() -> dict[str, tuple[str, str]]:
    """The words of two characters in which one sounds otherwise than by itself."""
    pairs = {}
    for word, sounds in phrases_dict.items():
        if len(word) == 2 and len(sounds) == 2:
            said = (_plain(sounds[0][0]), _plain(sounds[1][0]))
            if said != (_sound(word[0]), _sound(word[1])):
                pairs[word] = said
    return pairs
