"""Chinese or English on the command line, by the reader's locale; the speaker writes both."""

import os
from collections.abc import Mapping

from bihuan import environment


def chosen(environ: Mapping[str, str]) -> str:
    """`zh` or `en`: BIHUAN_LANGUAGE, else the first of LC_ALL, LC_MESSAGES and LANG that is set, else Chinese."""
    asked = environment.LANGUAGE.read(environ)
    if asked:
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environ.get(name, "")
        if locale:
            return "en" if locale.lower().startswith("en") else "zh"
    return "zh"


def say(zh: str, en: str) -> str:
    """The one of two texts that the reader wants."""
    return en if chosen(os.environ) == "en" else zh
