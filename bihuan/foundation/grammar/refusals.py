"""A text that cannot be read as the value it should be: what is wrong, in both languages, and a correct example.

The reader of a file, a form or a sheet knows *where* the text stood and adds the place; the value modules know *what* and *why*.
"""

from __future__ import annotations


class Refused(ValueError):
    """A value that is not accepted. ``str()`` gives the Chinese sentence, :meth:`text` either language."""

    def __init__(self, what: str, what_en: str, example: str = "", example_en: str = "") -> None:
        self.what = what
        self.what_en = what_en
        self.example = example
        self.example_en = example_en or example
        super().__init__(self.text())

    def text(self, language: str = "zh") -> str:
        """The sentence with its example, ready for the person who typed the value."""
        if language.startswith("zh"):
            return f"{self.what}（例：{self.example}）" if self.example else self.what
        return f"{self.what_en} (for example: {self.example_en})" if self.example else self.what_en
