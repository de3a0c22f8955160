"""The command `demo`: four simulated weeks in a fresh temporary store, and what people would see of them."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot.app import Terminal, build_service
from bot.commands.console import write_file
from bot.commands.simulating import Simulation, districts, last_whole_block
from bot.logs import configure_logging
from bot.settings import Settings
from bot.store import Store, opened_store
from bot.understanding import Understanding, understanding
from bot.weeks import build_counting, chart_of
from domain.errors import ServiceError

_CONVERSATION = (
    "街道又叫我们老师周六去路口站岗劝导电动车,站完还要拍照发群里,找谁说理去",
    "海淀",
    "1",
    "/privacy",
)
_PEOPLE = 320


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command()(demo)


def demo(
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder for the store and the chart; a temporary one without it.")
    ] = None,
) -> None:
    """Fill a fresh store with four invented weeks, release them, and show a chat, a digest, statistics and a chart."""
    configure_logging(level=40)
    folder = out or Path(tempfile.mkdtemp(prefix="jianfu-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_show(folder, sys.stdout))


async def _show(folder: Path, output: TextIO) -> None:
    settings = Settings.model_validate(
        {
            "service": {"data_dir": folder / "data"},
            "keys": {"dir": folder / "keys"},
            "release": {"push_without_gate": True},
            "regions": districts(),
        }
    )
    reader = understanding(settings)
    block = last_whole_block(datetime.now(UTC).astimezone(settings.zone).date(), settings.release.block_weeks)
    async with opened_store(settings, alone=True) as store:
        simulation = Simulation(settings, store, reader, block=block)
        output.write(f"# 模拟 {block}:八个区,{_PEOPLE} 位虚构的老师 / four invented weeks\n\n")
        await _chat(settings, store, reader, simulation, output)
        await simulation.run(people=_PEOPLE, progress=sys.stderr)
        await _publications(settings, store, reader, simulation, folder=folder, output=output)
    output.write(f"全部文件在 {folder},看完可以整个删掉。/ Everything is in this folder; delete it when you like.\n")


async def _chat(
    settings: Settings, store: Store, reader: Understanding, simulation: Simulation, output: TextIO
) -> None:
    output.write("# 一段对话 / a conversation\n\n")
    output.flush()
    readable, writable = os.pipe()
    os.write(writable, "".join(f"{line}\n" for line in _CONVERSATION).encode())
    os.close(writable)
    terminal = Terminal(descriptor=readable, output=output, echo=True)
    try:
        service = build_service(settings, store, reader, clock=simulation.clock, terminal=terminal)
        await service.run(asyncio.Event())
    finally:
        os.close(readable)


async def _publications(
    settings: Settings,
    store: Store,
    reader: Understanding,
    simulation: Simulation,
    *,
    folder: Path,
    output: TextIO,
) -> None:
    counting = build_counting(settings, store, reader)
    last = simulation.block.weeks[-1]
    question = f"{last} 海淀"
    async with store.database.reading() as tx:
        text = await counting.digest_text(tx, last, "haidian")
        answer = await counting.answer(tx, question, now=simulation.clock())
        digest, names = await counting.digest(tx, last, settings.tree.root.id)
    output.write(f"# 海淀区督导收到的周报 / the digest of one district\n\n{text}\n\n")
    output.write(f"# /stats {question}\n\n{answer}\n\n# 图表 / a chart\n\n")
    chart = folder / f"digest-{last}.png"
    try:
        write_file(chart_of(digest, names, reader), chart)
        output.write(f"{chart}\n\n")
    except ServiceError as error:
        output.write(f"{error}\n\n")
