"""argparse in two languages: the same parser, with its own words said in the reader's."""

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from bihuan import __version__
from bihuan.command.language import say
from bihuan.command.outcomes import USAGE
from bihuan.command.verbs import Verb, available

# argparse's own complaints, and how they are put in Chinese.
COMPLAINTS = (
    (r"the following arguments are required: (.+)", r"缺少：\1"),
    (r"unrecognized arguments: (.+)", r"不认识：\1"),
    (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", r"\1 不能是 \2，只能是 \3"),
    (r"argument (.+): expected one argument", r"\1 后面要写一个值"),
    (r"argument (.+): invalid int value: (.+)", r"\1 要写整数，不能是 \2"),
)


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix or say("用法：", "usage: "))


class _RawFormatter(_Formatter, argparse.RawDescriptionHelpFormatter):
    """For the list of verbs, whose lines are already laid out."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints end with exit code 2 and a way to the help."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog, description=description, formatter_class=_Formatter, add_help=False, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Print what was wrong, and where the help is; exit 2."""
        for english, chinese in COMPLAINTS:
            message = re.sub(f"^{english}$", say(chinese, r"\g<0>"), message)
        self.exit(USAGE, f"{say('用法不对：', 'Wrong usage: ')}{message}\n{self.prog} --help\n")


def add_help(parser: argparse._ActionsContainer) -> None:
    """The `--help` option, described in the reader's language."""
    parser.add_argument("-h", "--help", action="help", help=say("显示这份说明", "show this help"))


def overview() -> Parser:
    """The parser of `bihuan` itself: it knows the verbs and nothing of their arguments."""
    verbs = available()
    parser = Parser("bihuan", say("闭环：让承诺有着落。", "Bihuan makes a city keep its promises."))
    width = max(map(len, verbs), default=0)
    listing = parser.add_argument_group(say("可以做的事", "what it can do"), "\n".join(f"{n:<{width}}  {v.help()}" for n, v in verbs.items()))
    parser.formatter_class = _RawFormatter
    parser.usage = f"bihuan {say('动词', 'VERB')} …"
    listing.add_argument("verb", choices=list(verbs), metavar=say("动词", "VERB"), help=argparse.SUPPRESS)
    options = parser.add_argument_group(say("选项", "options"))
    add_help(options)
    options.add_argument("--version", action="version", version=f"bihuan {__version__}", help=say("显示版本", "show the version"))
    return parser


def parser_of(verb: Verb) -> Parser:
    """The parser of one verb, made from its declaration."""
    parser = Parser(f"bihuan {verb.name}", verb.help())
    places = parser.add_argument_group(say("参数", "arguments"))
    options = parser.add_argument_group(say("选项", "options"))
    for argument in verb.arguments:
        group = options if argument.names[0].startswith("-") else places
        group.add_argument(*argument.names, help=say(argument.zh, argument.en), **argument.keywords)
    add_help(options)
    return parser
