"""Commands that run the service itself: run, migrate."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import sys
from datetime import UTC, datetime
from typing import TextIO

import typer

from bot.app import Terminal, build_service
from bot.commands.console import settings_of
from bot.logs import configure_logging
from bot.settings import Settings
from bot.store import opened_store
from bot.understanding import understanding


def register(cli: typer.Typer) -> None:
    """Add the commands of this family."""
    cli.command()(run)
    cli.command()(migrate)


def run(context: typer.Context) -> None:
    """Start the service with the configured channels; without any, a chat in this terminal."""
    _no_core_dumps()
    settings = settings_of(context)
    if settings.telegram.token is None:
        configure_logging(level=logging.WARNING)  # a chat in this terminal is no place for the log of good events
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with opened_store(settings, alone=True) as store:
        service = build_service(
            settings, store, understanding(settings), clock=lambda: datetime.now(UTC), terminal=_this_terminal()
        )
        await service.run(stop)


def _this_terminal() -> Terminal:
    stdin: TextIO | None = sys.stdin  # None when it was closed before the start
    descriptor = None if stdin is None or stdin.closed else stdin.fileno()
    return Terminal(
        descriptor=descriptor, output=sys.stdout, echo=not (descriptor is not None and os.isatty(descriptor))
    )


def _no_core_dumps() -> None:
    """A core dump would hold keys and texts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def migrate(context: typer.Context) -> None:
    """Bring the database to the schema of this version; does nothing when it is there already."""
    revision = asyncio.run(_migrate(settings_of(context)))
    typer.echo(f"The database is at schema {revision}.")


async def _migrate(settings: Settings) -> str:
    async with opened_store(settings, upgrade=True) as store:
        return store.revision
