"""Invented people who send the development messages through four weeks; for the demonstration only."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any, TextIO

from rich.console import Console
from rich.progress import track

from bot.settings import Settings
from bot.store import Store, reporting
from bot.understanding import Understanding
from bot.weeks import build_releasing
from domain.classification import Classification, Kind
from domain.report import Report
from domain.week import Block, Week

_SEED = 20210401
_BATCH = 40
_CITY = ("city", "示例市")
_DISTRICTS = {
    "haidian": "海淀区",
    "chaoyang": "朝阳区",
    "xicheng": "西城区",
    "dongcheng": "东城区",
    "fengtai": "丰台区",
    "tongzhou": "通州区",
    "changping": "昌平区",
    "miyun": "密云区",
}
_SIZES = (9, 8, 5, 4, 4, 3, 3, 1)  # districts differ: small ones show what is not shown


def districts() -> list[dict[str, Any]]:
    """Return the regions of the demonstration as the configuration has them."""
    root, name = _CITY
    leaves = [{"id": id_, "name": title, "parent": root, "staff": 2000} for id_, title in _DISTRICTS.items()]
    return [{"id": root, "name": name}, *leaves]


def last_whole_block(today: date, block_weeks: int) -> Block:
    """Return the last block that ended before this week."""
    block = Week.of(today).block(block_weeks)
    return block.weeks[0].previous().block(block_weeks)


class SimulatedClock:
    """Tells the time of the simulation."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the simulated time."""
        return self.now


@dataclass(frozen=True, slots=True)
class _Read:
    text: str
    reading: Classification


class Simulation:
    """Runs the weeks of one block: reports, then the release of each week when it is due."""

    def __init__(self, settings: Settings, store: Store, reader: Understanding, *, block: Block) -> None:
        self.block = block
        self._settings = settings
        self._store = store
        self._reader = reader
        self._chance = random.Random(_SEED)
        self.clock = SimulatedClock(self._moment(block.weeks[0], day=0, hour=12))

    def _moment(self, week: Week, *, day: int, hour: int) -> datetime:
        return datetime.combine(week.monday + timedelta(days=day), time(hour), tzinfo=self._settings.zone)

    async def run(self, *, people: int, progress: TextIO) -> None:
        """Let every person write now and then, and release each week when it is over."""
        releasing = build_releasing(self._settings, self._store, self._reader.pack, clock=self.clock)
        read = self._messages(progress)
        homes = self._chance.choices(list(_DISTRICTS), weights=_SIZES, k=people)
        for week in self.block.weeks:
            self.clock.now = self._moment(week, day=2, hour=20)
            senders = [(f"demo:{number}", home) for number, home in enumerate(homes) if self._chance.random() < 0.55]
            await self._submit(senders, read)
            self.clock.now = self._moment(week.next(), day=2, hour=9)
            await releasing.release_due()

    def _messages(self, progress: TextIO) -> list[_Read]:
        examiner = self._reader.examiner(self._settings.limits.report_characters)
        read = []
        console = Console(file=progress)
        texts = _development_reports()
        for text in track(texts, description="reading", console=console, transient=True, disable=not progress.isatty()):
            masked, _ = examiner.mask(text)
            reading = examiner.read(masked)
            if reading.kind is Kind.REPORT:
                read.append(_Read(masked, reading))
        return read

    async def _submit(self, senders: Sequence[tuple[str, str]], read: Sequence[_Read]) -> None:
        service = reporting(self._settings, self._store, self._reader.pack)
        self._chance.shuffle(read_order := list(read))
        for start in range(0, len(senders), _BATCH):
            async with self._store.database.transaction() as tx:
                for number, (person, home) in enumerate(senders[start : start + _BATCH], start=start):
                    chosen = read_order[number % len(read_order)]
                    await service.submit(tx, self._report(chosen, home), person=person, now=self.clock())

    def _report(self, chosen: _Read, home: str) -> Report:
        return Report(
            text=chosen.text,
            region=home,
            week=str(Week.of(self.clock().date())),
            categories=tuple(label.category for label in chosen.reading.labels),
            body=chosen.reading.body,
            kind=chosen.reading.kind,
            pack=chosen.reading.pack,
        )


def _development_reports() -> list[str]:
    folder = files("classifiers.corpus").joinpath("development")
    lines: list[Mapping[str, Any]] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".jsonl"):
            lines += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [line["text"] for line in lines if line.get("kind") == "report"]
