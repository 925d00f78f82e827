"""The command line: the only place that prints and exits."""

import errno
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import ClassVar, cast

import click
from click.exceptions import NoArgsIsHelpError

from kpibook import __version__
from kpibook.base.problems import Failure
from kpibook.base.system_errors import reason
from kpibook.cli.base import (
    HELP,
    Exit,
    Folders,
    Unprintable,
    company_text,
    company_words,
    finish_sites,
    folder_option,
    refuse,
    report_failure,
)
from kpibook.cli.wrong_usage import in_company_words

__all__ = ["Exit", "main"]


class Commands(click.Group):
    """The commands, each imported when it is asked for: scoring need not wait for what makes web pages."""

    PLACES: ClassVar = {
        "check": "reading:check",
        "diff": "reviewing:diff",
        "score": "reading:score",
        "explain": "reading:explain",
        "pages": "making:pages",
        "build": "making:build",
        "serve": "making:serve",
        "print": "printing:print_cards",
        "schema": "editing:schema",
        "format": "editing:lay_out",
        "new": "starting:new",
        "init": "starting:init",
        "library": "starting:show_library",
        "open": "publishing:open_",
        "agree": "publishing:agree",
        "publish": "publishing:publish",
        "correct": "publishing:correct",
        "close": "publishing:close",
        "verify": "verifying:verify",
        "erase": "erasing:erase",
        "payroll": "handing_over:payroll",
        "notify": "notifying:notify",
        "year": "years:year",
        "upgrade": "upgrading:upgrade",
        "collect": "collecting:collect",
        "import": "collecting:import_files",
        "status": "collecting:status",
        "access": "viewing:access",
        "serve-config": "viewing:serve_config",
        "leak-test": "viewing:leak_test",
        "calibrate": "analysing:calibrate",
        "analysis": "analysing:analysis",
        "table": "analysing:table",
    }

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the arguments apart; what no file system can name is refused at once."""
        _print_anything()
        for argument in args:
            if "\0" in argument or not _is_text_or_file(argument):
                refuse(company_text("cli.usage.unusable_argument", argument=argument[:60]))
        try:
            return super().parse_args(ctx, args)
        except NoArgsIsHelpError:
            raise
        except click.UsageError as err:
            raise in_company_words(err) from err

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what cannot be written or printed is told in a line, whatever it was."""
        # A command ends before its garbage matters; looking for it takes a tenth of the time of a check, while modules
        # are imported, and a third of the time of 10,000 cards.
        gc.disable()
        ctx.call_on_close(_go_on_collecting)
        try:
            return super().invoke(ctx)
        except click.UsageError as err:
            raise in_company_words(err) from err
        except Failure as failure:
            report_failure(failure, company_words(ctx.params.get("handbook") or Path("handbook")))
            sys.exit(Exit.FAULTY)
        except Unprintable as unprintable:
            if unprintable.error.errno == errno.EPIPE:
                raise unprintable.error from unprintable
            _leave_output()
            refuse(company_text("cli.usage.unprintable", reason=reason(unprintable.error)))
        except OSError as err:
            if err.errno == errno.EPIPE:
                raise
            refuse(company_text("cli.usage.unwritable", file=err.filename or "?", reason=reason(err)))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        return list(self.PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in self.PLACES:
            return None
        module, _, function = self.PLACES[cmd_name].partition(":")
        found = getattr(import_module(f"{__name__}.{module}"), function)
        return cast(click.Command, found)


def _is_text_or_file(argument: str) -> bool:
    """Whether an argument is text; only files that are there may have bytes in their names that are none."""
    try:
        argument.encode()
    except UnicodeError:
        with suppress(UnicodeError):
            return os.path.lexists(argument)
        return False
    return True


def _print_anything() -> None:
    """Let no character end a run: a pipe of Windows may know the letters of western languages alone."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _leave_output() -> None:
    """Send what is still buffered nowhere: Python would fail over it once more at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands, help=HELP("cli.help.main"), context_settings={"help_option_names": ["-h", "--help"]})
@folder_option("handbook")
@folder_option("scorecards")
@click.version_option(__version__, prog_name="kpibook")
@click.pass_context
def main(context: click.Context, handbook: Path, scorecards: Path) -> None:
    """Read the two folders when a command needs them."""
    if context.invoked_subcommand == "serve":
        gc.enable()
    context.obj = Folders(handbook, scorecards)
    finish_sites(handbook)


def _go_on_collecting() -> None:
    """Collect again in a process that lives on, but look no more at what this command made."""
    gc.freeze()
    gc.enable()
