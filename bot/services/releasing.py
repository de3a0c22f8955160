"""Closes a week, applies the release rule, publishes; deletes what a finished block leaves behind."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.logs import record
from domain.errors import DuplicateError, ReleaseRefusedError
from domain.lattice import Lattice
from domain.region import RegionTree
from domain.release import Release, make_release
from domain.report import Slip, Source
from domain.tally import Chance, counted_leaves, tally
from domain.week import Block, Week, block_of
from storage.database import Database, Transaction
from storage.keys import Keys
from storage.releases import Releases
from storage.slips import Slips


class Gate(Protocol):
    """Tests a release before it is published; depends on nothing but the rows it is given."""

    def review(self, candidate: Release, earlier: Sequence[Release]) -> Release:
        """Return the release to publish, with `gated` set: the candidate, or the same with fewer rows.

        `earlier` are the releases of the same block and source, in order of periods. Called in a thread of its own.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRules:
    """What the configuration says about releases; a block keeps what was fixed when it began.

    `groups` maps each category to its group; `weekday` (1 Monday) and `at` are when the week after is far enough on.
    """

    tree: RegionTree
    groups: dict[str, str]
    k: int
    band: int
    cap: int
    block_weeks: int
    weekday: int
    at: time
    zone: ZoneInfo

    def lattice(self, *, at_least: int) -> Lattice:
        """Return the configured lattice; k never falls below what was released before."""
        k = max(self.k, at_least)
        return Lattice(self.tree, self.groups, k, max(self.band, k), self.cap)

    def moment(self, week: Week) -> datetime:
        """Return the time from which a week may be released."""
        day = week.sunday + timedelta(days=self.weekday)
        return datetime.combine(day, self.at, tzinfo=self.zone)


@dataclass(frozen=True, slots=True)
class ReleasedWeek:
    """A week that is released, and how many nodes it shows over all sources: all that may be said of it."""

    week: Week
    shown: int


class Releasing:
    """Releases due weeks, strictly in order, each once.

    A kill at any moment loses and doubles nothing: a week is published in one transaction; only then are the slips of
    a finished block deleted, only then its keys destroyed; what was left undone is found and finished at the next run.
    """

    def __init__(
        self,
        database: Database,
        *,
        releases: Releases,
        slips: Slips,
        keys: Keys,
        rules: ReleaseRules,
        clock: Callable[[], datetime],
        gate: Gate | None = None,
    ) -> None:
        self._database = database
        self._releases = releases
        self._slips = slips
        self._keys = keys
        self._rules = rules
        self._clock = clock
        self._gate = gate
        self._unscrubbed = False

    async def begin(self) -> None:
        """Remember the first week of the store, and fix the lattice of the block that is running."""
        now = Week.of(self._clock().astimezone(self._rules.zone).date())
        async with self._database.transaction() as tx:
            await self._releases.begin(tx, now)
            last = await self._releases.last_week(tx)
            await self._fixed(tx, now if last is None or now > last else last.next())

    async def due(self) -> list[Week]:
        """Return the weeks that may be released now, in order; derived from the database alone."""
        now = self._clock()
        async with self._database.reading() as tx:
            week = await self._next(tx)
        weeks = []
        while week is not None and self._rules.moment(week) <= now:
            weeks.append(week)
            week = week.next()
        return weeks

    async def release_due(self) -> list[ReleasedWeek]:
        """Release every due week in order; stops at the first that fails.

        Raises:
            KeyMissingError: the key of the block is gone; the week stays due.
            StorageError: the database failed; the week stays due.
        """
        await self.begin()
        await self.finish()
        return [await self.release(week) for week in await self.due()]

    async def release_week(self, week: Week) -> list[ReleasedWeek]:
        """Release a week and the due weeks before it; a released one is only told again.

        Raises:
            ReleaseRefusedError: the week is not over for long enough, or lies before the store's first week.
            KeyMissingError: the key of a block is gone.
        """
        await self.begin()
        await self.finish()
        async with self._database.reading() as tx:
            first = await self._next(tx)
            done = await self._published(tx, week)
        if done:
            return [_told(week, done)]
        moment = self._rules.moment(week)
        if moment > self._clock():
            raise ReleaseRefusedError(f"{week} is not due: it can be released from {moment:%Y-%m-%d %H:%M} on.")
        if first is None or week < first:
            raise ReleaseRefusedError(f"{week} lies before the first week of this store and has nothing to release.")
        return [await self.release(one) for one in await self.due() if one <= week]

    async def release(self, week: Week) -> ReleasedWeek:
        """Release one week, the next one that is due; then finish its block if it was the last of it."""
        while not await self._try(week):
            record("release-repeated", period=str(week))  # a letter was imported into the week meanwhile
        await self.finish()
        async with self._database.reading() as tx:
            told = _told(week, await self._published(tx, week))
        record("week-released", period=str(week), count=told.shown)
        return told

    async def abandon(self, period: Week | Block) -> list[Week]:
        """Publish empty releases for the due weeks of a period whose key is lost, and drop what is left of their block.

        Slips of the block that were not released yet, those of its open week too, are lost to the counts.

        Raises:
            ReleaseRefusedError: no week of this period is due, or one before it is.
        """
        weeks = period.weeks if isinstance(period, Block) else (period,)
        due = await self.due()
        wanted = [week for week in due if week in weeks]
        if not wanted:
            raise ReleaseRefusedError(f"No week of {period} is due; `jianfu release --all-due` releases what is.")
        if wanted[0] != due[0]:
            raise ReleaseRefusedError(f"{due[0]} comes first; release it, or give it up as well.")
        for week in wanted:
            async with self._database.transaction() as tx:
                block, lattice = await self._fixed(tx, week)
                await self._publish(tx, [self._empty(week, lattice, source) for source in Source])
            await self._drop(str(block))
            record("week-abandoned", level=logging.WARNING, period=str(week))
        await self.finish()
        return wanted

    async def finish(self) -> None:
        """Delete slips and keys of blocks whose last week is released; whatever an earlier run left is found here."""
        async with self._database.reading() as tx:
            last = await self._releases.last_week(tx)
            blocks = {*await self._slips.blocks(tx), *self._keys.blocks()}
        for block in sorted(blocks):
            if last is not None and _is_over(block, last):
                await self._drop(block)
        if self._unscrubbed:
            await self._scrub()

    # ---- one week ----

    async def _try(self, week: Week) -> bool:
        """Count, review and publish a week; False when its slips changed in between, so that it must be done again."""
        async with self._database.transaction() as tx:
            block, lattice = await self._fixed(tx, week)
        async with self._database.reading() as tx:
            if await self._published(tx, week):
                return True
            slips = await self._slips_until(tx, block, week)
            earlier = [release for one in block.weeks for release in await self._published(tx, one)]
        candidates = await asyncio.to_thread(_count, slips, lattice, self._slips.chance(str(block)), str(week))
        reviewed = [await self._review(candidate, earlier) for candidate in candidates]
        async with self._database.transaction() as tx:
            if Counter(await self._slips_until(tx, block, week)) != Counter(slips):
                return False
            await self._publish(tx, reviewed)
        return True

    async def _slips_until(self, tx: Transaction, block: Block, week: Week) -> list[Slip]:
        return [slip for slip in await self._slips.open_all(tx, str(block)) if slip.week <= str(week)]

    async def _review(self, candidate: Release, earlier: Sequence[Release]) -> Release:
        if self._gate is None:
            return candidate
        before = [release for release in earlier if release.source is candidate.source]
        return await asyncio.to_thread(self._gate.review, candidate, before)

    async def _publish(self, tx: Transaction, releases: Sequence[Release]) -> None:
        for release in releases:
            try:
                await self._releases.publish(tx, release)
            except DuplicateError:  # another process was faster; what it published stays
                record("release-published-before", period=release.period)

    def _empty(self, week: Week, lattice: Lattice, source: Source) -> Release:
        empty = make_release({}, lattice, period=str(week), source=source)
        return replace(empty, gated=self._gate is not None)

    async def _published(self, tx: Transaction, week: Week) -> list[Release]:
        found = [await self._releases.get(tx, str(week), source) for source in Source]
        return [release for release in found if release is not None]

    async def _next(self, tx: Transaction) -> Week | None:
        last = await self._releases.last_week(tx)
        return await self._releases.began(tx) if last is None else last.next()

    async def _fixed(self, tx: Transaction, week: Week) -> tuple[Block, Lattice]:
        """Return the block of a week and the lattice fixed for it, fixing the configured one if none is."""
        block = block_of(week, self._rules.block_weeks, await self._releases.blocks(tx))
        last = await self._releases.last_week(tx)
        before = [] if last is None else await self._published(tx, last)
        wanted = self._rules.lattice(at_least=max((release.k for release in before), default=0))
        return block, Lattice.from_json(await self._releases.fix_lattice(tx, str(block), wanted.to_json()))

    # ---- what a block leaves behind ----

    async def _drop(self, block: str) -> None:
        async with self._database.transaction() as tx:
            await self._slips.delete_block(tx, block)
        self._keys.destroy_block(block)
        record("block-dropped", period=block)
        await self._scrub()

    async def _scrub(self) -> None:
        self._unscrubbed = not await self._database.scrub()
        if self._unscrubbed:
            record("scrub-busy", level=logging.WARNING)


def _is_over(block: str, last: Week) -> bool:
    try:
        return Block.parse(block).weeks[-1] <= last
    except ValueError:  # a stray file in the key folder
        return False


def _told(week: Week, releases: Sequence[Release]) -> ReleasedWeek:
    return ReleasedWeek(week, sum(len(release.rows) for release in releases))


def _count(slips: Sequence[Slip], lattice: Lattice, chance: Chance, week: str) -> list[Release]:
    """Return the candidate release of each source, the empty one too; runs in a thread."""
    candidates = []
    for source in Source:
        leaves = counted_leaves((slip for slip in slips if slip.source is source), lattice, chance)
        candidates.append(make_release(tally(leaves, lattice, [week]), lattice, period=week, source=source))
    return candidates
