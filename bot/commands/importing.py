"""The command `import`: letters and hotline calls from a file."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.commands.console import LONGEST_TEXT, as_json, settings_of, write_lines
from bot.services.importing import Imported
from bot.settings import Settings
from bot.store import opened_store
from bot.understanding import understanding
from bot.weeks import build_importing


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("import")(import_file)


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON lines or CSV with text, region, received_on; optional reporter.")],
    json_: Annotated[bool, typer.Option("--json", help="JSON instead of lines.")] = False,
) -> None:
    """Take in letters and hotline calls, each line whole or not at all; after a stop give the same file again."""
    done = asyncio.run(_import(settings_of(context), file))
    refused = [asdict(one) for one in done.refused]
    if json_:
        write_lines([as_json({"stored": done.stored, "duplicate": done.duplicate, "refused": refused})], None)
    else:
        lines = [f"stored {done.stored}", f"duplicate {done.duplicate}", f"refused {len(refused)}"]
        write_lines([*lines, *(f"line {one.line}: {one.reason}" for one in done.refused)], None)
    if refused:
        raise typer.Exit(1)


async def _import(settings: Settings, file: Path) -> Imported:
    reader = understanding(settings)
    console = Console(file=sys.stderr)
    bar = Progress(console=console, transient=True, disable=not sys.stderr.isatty())
    async with opened_store(settings) as store:
        service = build_importing(settings, store, reader, longest=LONGEST_TEXT, clock=lambda: datetime.now(UTC))
        with bar:
            task = bar.add_task("importing", total=None)
            return await service.import_file(
                file, progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
