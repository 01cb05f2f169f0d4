"""The `bihuan` command: a table of verbs in Chinese and English, each one function, imported only when it is asked for.

Exit codes: 0 done; 1 it ran and found problems; 2 wrong usage; 3 it refused, and changed nothing.
"""

import os
import sys
from importlib import import_module

from bihuan.command.language import say
from bihuan.command.outcomes import PROBLEMS, REFUSED, USAGE, Refused
from bihuan.command.parsing import overview, parser_of
from bihuan.command.verbs import Verb, available
from bihuan.environment import SettingRefused


def main(arguments: list[str] | None = None) -> int:
    """Run the verb named in `arguments` (default: the command line) and give its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if not words:
            overview().print_help()
            return USAGE
        verb = available().get(words[0]) or available()[overview().parse_args(words[:1]).verb]
        return _run(verb, words[1:])
    except SettingRefused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return USAGE
    except Refused as refusal:
        sys.stderr.write(f"{say(refusal.zh, refusal.en)}\n")
        return refusal.code
    except BrokenPipeError:
        # The reader of our output (`| head`) has had enough; keep the interpreter from complaining about it on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEMS
    except KeyboardInterrupt:
        sys.stderr.write(say("\n已中断\n", "\nInterrupted\n"))
        return REFUSED


def _run(verb: Verb, words: list[str]) -> int:
    options = parser_of(verb).parse_args(words)
    if verb.needs_site:
        return int(import_module("bihuan.command.site").run(verb, options))
    function = getattr(import_module(verb.module), verb.run.partition(":")[2])
    return int(function(options))
