"""How a command ends: four exit codes, one refusal, one way to print results."""

import json
import sys
from typing import Any

OK = 0
PROBLEMS = 1  # it ran, and found something wrong
USAGE = 2  # it was asked wrongly
REFUSED = 3  # it would not, or could not, do what was asked; nothing was changed


class Refused(Exception):
    """The command will not go on. `zh` and `en` say what, why, and how to put it right."""

    def __init__(self, zh: str, en: str, code: int = REFUSED) -> None:
        super().__init__(zh, en, code)
        self.zh, self.en, self.code = zh, en, code


def print_json(value: Any) -> None:
    """Write `value` to standard output as JSON a person can read and `jq` can take apart."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, sort_keys=True)
    sys.stdout.write("\n")
