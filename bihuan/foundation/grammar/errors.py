"""Problems, written for the person who holds the file: where, what, why, and a correct example."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """A spot in a pack: file (relative to the pack's folder), line from 1 (0 = unknown) and key path such as ``lights.progress.since``."""

    file: str = ""
    line: int = 0
    key: str = ""

    def __str__(self) -> str:
        spot = f"{self.file}:{self.line}" if self.line else self.file
        return f"{spot}  {self.key}".strip()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in both languages. ``rule`` is the stable name of the house rule that found it."""

    place: Place
    rule: str
    what: str
    why: str = ""
    example: str = ""
    what_en: str = ""
    why_en: str = ""

    def text(self, language: str = "zh") -> str:
        """The problem as lines of text: place and what, then why, then a correct example."""
        chinese = language.startswith("zh")
        what = self.what if chinese or not self.what_en else self.what_en
        why = self.why if chinese or not self.why_en else self.why_en
        lines = [f"{self.place}  {what}".strip()]
        if why:
            lines.append(f"  {why}")
        if self.example:
            lines.append(f"  {'例' if chinese else 'Example'}：{self.example}" if chinese else f"  Example: {self.example}")
        return "\n".join(lines)


class PackError(Exception):
    """A pack cannot be used; ``problems`` says everything that is wrong, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text() for problem in problems))
