"""Commands about closed weeks: release, published, digest, stats."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from bot.commands.console import CommandError, OutOption, settings_of, write_bytes, write_lines
from bot.rendering.digest_json import digest_json
from bot.rendering.digest_text import digest_text
from bot.rendering.published_json import published_json
from bot.settings import Settings
from bot.store import opened_store
from bot.understanding import Understanding, understanding
from bot.weeks import build_counting, build_releasing, chart_of
from domain.errors import AnswerableError
from domain.week import Block, Week, parse_period


class DigestFormat(StrEnum):
    """How a digest is written."""

    TEXT = "text"
    JSON = "json"
    PNG = "png"
    XLSX = "xlsx"
    DOCX = "docx"


PeriodOption = Annotated[str | None, typer.Option("--period", help="A week such as 2026-W40; the last one without it.")]
RegionOption = Annotated[str | None, typer.Option("--region", help="The id of the region; the whole tree without it.")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this family."""
    for command in (release, published, digest, stats):
        cli.command()(command)


def release(
    context: typer.Context,
    week: Annotated[str | None, typer.Option("--week", help="Release up to this week, such as 2026-W46.")] = None,
    all_due: Annotated[bool, typer.Option("--all-due", help="Release every due week; the same as no option.")] = False,
    abandon: Annotated[
        str | None, typer.Option("--abandon", help="Give up a period whose key is lost: it is released empty.")
    ] = None,
) -> None:
    """Close due weeks by the release rule, in order, each once; prints how many numbers each shows."""
    if sum((week is not None, all_due, abandon is not None)) > 1:
        raise typer.BadParameter("use one of --week, --all-due and --abandon")
    lines = asyncio.run(_release(settings_of(context), week, abandon))
    write_lines(lines or ["No week is due."], None)


async def _release(settings: Settings, week: str | None, abandon: str | None) -> list[str]:
    pack = understanding(settings).pack
    async with opened_store(settings) as store:
        releasing = build_releasing(settings, store, pack, clock=lambda: datetime.now(UTC))
        if abandon is not None:
            return [f"{given_up} 0" for given_up in await releasing.abandon(_period(abandon))]
        done = await (releasing.release_due() if week is None else releasing.release_week(_week(week)))
        return [f"{one.week} {one.shown}" for one in done]


def published(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="JSON; the only format.")] = True,  # noqa: ARG001  said aloud
    out: OutOption = None,
) -> None:
    """Write every released row that was ever shown to anyone."""
    write_lines([asyncio.run(_published(settings_of(context)))], out)


async def _published(settings: Settings) -> str:
    async with opened_store(settings) as store, store.database.reading() as tx:
        rules = settings.release
        return published_json(await store.releases.all(tx), k=rules.k, band=rules.band_width, cap=rules.cap)


def digest(
    context: typer.Context,
    period: PeriodOption = None,
    region: RegionOption = None,
    style: Annotated[DigestFormat, typer.Option("--format", help="text, json or png")] = DigestFormat.TEXT,
    out: OutOption = None,
) -> None:
    """Write a released week's digest as the supervisor of a region gets it."""
    if style in (DigestFormat.XLSX, DigestFormat.DOCX):
        raise CommandError(f"The format {style} comes with the task ledger; use text, json or png.")
    settings = settings_of(context)
    content = asyncio.run(_digest(settings, understanding(settings), period, region, style))
    if style is DigestFormat.PNG:
        write_bytes(content, out)
    else:
        write_lines([content.decode()], out)


async def _digest(
    settings: Settings, reader: Understanding, period: str | None, region: str | None, style: DigestFormat
) -> bytes:
    place = region or settings.tree.root.id
    if place not in settings.tree.by_id:
        raise CommandError(f"There is no region {place!r}; [[regions]] in the configuration lists them.")
    async with opened_store(settings) as store, store.database.reading() as tx:
        counting = build_counting(settings, store, reader)
        week = _week(period) if period else await store.releases.last_week(tx)
        if week is None:
            raise CommandError("No week has been released yet; see: jianfu release --help")
        try:
            shown, names = await counting.digest(tx, week, place)
        except AnswerableError as error:
            raise CommandError(reader.wording.say(error.key, error.arguments)) from None
    if style is DigestFormat.PNG:
        return chart_of(shown, names, reader)
    return (
        digest_json(shown, names) if style is DigestFormat.JSON else digest_text(shown, names, reader.wording)
    ).encode()


def stats(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help='Words as in the chat, such as "上月 海淀 投票".')],
    out: OutOption = None,
) -> None:
    """Answer a question about released numbers, exactly as the chat command /stats does."""
    settings = settings_of(context)
    write_lines([asyncio.run(_stats(settings, understanding(settings), question))], out)


async def _stats(settings: Settings, reader: Understanding, question: str) -> str:
    async with opened_store(settings) as store, store.database.reading() as tx:
        try:
            return await build_counting(settings, store, reader).answer(tx, question, now=datetime.now(UTC))
        except AnswerableError as error:
            raise CommandError(reader.wording.say(error.key, error.arguments)) from None


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise CommandError(f"{error}.") from None


def _period(text: str) -> Week | Block:
    try:
        return parse_period(text)
    except ValueError as error:
        raise CommandError(f"{error}.") from None
