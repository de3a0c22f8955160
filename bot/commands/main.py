"""The command line `jianfu`: puts the command families together."""

from __future__ import annotations

import logging
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import demo, evaluating, importing, people, reading, service, weeks
from bot.commands.console import Invocation
from bot.logs import record
from domain.errors import ServiceError


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"jianfu {version('jianfu')}")
        raise typer.Exit


def _remember_call(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration file; else JIANFU_CONFIG, else ./config.toml.")
    ] = None,
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Jianfu (减负哨): anonymous reports of teachers' burdens, and weekly digests that give nobody away."""
    context.obj = Invocation(config, dict(os.environ))


def command_line() -> typer.Typer:
    """Return the command line with every command."""
    cli = typer.Typer(
        name="jianfu", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    cli.callback()(_remember_call)
    for family in (service, reading, evaluating, importing, weeks, people, demo):
        family.register(cli)
    return cli


def run() -> None:
    """Run one command: 0 done, 1 refused or failed, 2 wrong use; never a traceback."""
    try:
        command_line()(standalone_mode=True)
    except ServiceError as error:
        _end(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; nothing is wrong
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  a traceback's frames could hold a report's text
        record("stopped", level=logging.ERROR, error=type(error).__name__)
        _end(f"stopped by an unexpected error ({type(error).__name__}); what was stored is safe. Please report this.")


def _end(sentence: str) -> None:
    sys.stderr.write(f"jianfu: {sentence}\n")
    sys.exit(1)
