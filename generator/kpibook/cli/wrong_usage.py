"""Wrong usage in the company's language: what click says of commands, options and their values in English alone."""

import re
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import click
from click.exceptions import NoSuchCommand

from kpibook.base.words import Words
from kpibook.cli.base import Unprintable, company_words, echo

_REFUSED = {
    "does not exist": "enoent",
    "is a file": "enotdir",
    "is a directory": "eisdir",
    "is not readable": "eacces",
    "is not writable": "eacces",
}
"""What click finds wrong with a path, and what the system calls it."""
_PATH = re.compile(rf"\w+ '?(?P<file>.*?)'? (?P<what>{'|'.join(_REFUSED)})\.", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra arguments? \((?P<extra>.*)\)", re.DOTALL)


class WrongUsage(click.UsageError):
    """Wrong usage, told in the company's language with the command as it is to be written."""

    def __init__(self, error: click.UsageError, say: Words) -> None:
        super().__init__(usage_message(error, say), error.ctx)
        self.say = say

    def show(self, file: IO[Any] | None = None) -> None:
        """Print how the command is written, where its help is, and what is wrong, if anybody still reads it."""
        with suppress(Unprintable):
            if self.ctx:
                echo(self.say("cli.wrong.usage", usage=_usage(self.ctx)), err=True)
                echo(self.say("cli.wrong.help", command=self.ctx.command_path) + "\n", err=True)
            echo(self.say("cli.error", text=self.message), err=True)


def in_company_words(error: click.UsageError) -> WrongUsage:
    """The same error in the language of the company whose handbook the command was given."""
    if isinstance(error, WrongUsage):
        return error
    params = error.ctx.find_root().params if error.ctx else {}
    return WrongUsage(error, company_words(Path(params.get("handbook") or "handbook")))


def _usage(context: click.Context) -> str:
    pieces = " ".join(context.command.collect_usage_pieces(context))
    return f"{context.command_path} {pieces}"


def usage_message(error: click.UsageError, say: Words) -> str:
    """What is wrong, in a sentence; what is not known here as click says it."""
    if isinstance(error, click.MissingParameter):
        kind = error.param.param_type_name if error.param else "option"
        return say(f"cli.wrong.missing_{kind}", name=_name(error))
    if isinstance(error, click.NoSuchOption):
        return _with_likely(say("cli.wrong.no_option", name=error.option_name), error.possibilities, say)
    if isinstance(error, NoSuchCommand):
        return _with_likely(say("cli.wrong.no_command", name=error.command_name), error.possibilities, say)
    if isinstance(error, click.BadOptionUsage):
        return say("cli.wrong.no_value", name=error.option_name)
    if isinstance(error, click.BadParameter):
        return say("cli.wrong.value", name=_name(error), what=_expected_value(error, say))
    if extra := _EXTRA.fullmatch(error.message):
        return say("cli.wrong.extra", extra=extra["extra"])
    return error.format_message()


def _with_likely(text: str, possibilities: list[str] | None, say: Words) -> str:
    return text + say("cli.wrong.likely", names=", ".join(possibilities)) if possibilities else text


def _name(error: click.BadParameter) -> str:
    """An option as it is typed, an argument as the help names it."""
    param = error.param
    if param is None:
        return str(error.param_hint or "")
    if isinstance(param, click.Option):
        return param.opts[0]
    return param.make_metavar(error.ctx or click.Context(click.Command("kpibook")))


def _expected_value(error: click.BadParameter, say: Words) -> str:
    """What a value has to be, by the type of its parameter; else what click found wrong with it."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return say("cli.wrong.choice", choices=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.DateTime):
        return say("cli.wrong.day")
    if isinstance(kind, click.IntRange):
        return say("cli.wrong.whole", least=kind.min)
    if isinstance(kind, click.Path) and (found := _PATH.fullmatch(error.message)):
        return say("cli.wrong.path", file=found["file"], reason=say(f"system.{_REFUSED[found['what']]}"))
    return error.message
