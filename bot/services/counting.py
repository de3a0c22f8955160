"""Answers statistics questions and makes digests, from published releases only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.rendering.digest_text import digest_text
from bot.rendering.names import Names
from bot.rendering.statistics_text import statistics_text
from bot.wording import Wording
from domain.digest import Digest, make_digest
from domain.errors import QueryError
from domain.lattice import Lattice
from domain.period_words import AskedPeriod, Calendar, SchoolTerm, UnclearPeriodError
from domain.policy_pack import PolicyPack
from domain.question import Meaning, Question, Subject, UnclearWordError, Vocabulary, read_question
from domain.region import Region, RegionTree
from domain.release import Release
from domain.report import Source
from domain.statistics import answer
from domain.week import Week
from storage.database import Transaction
from storage.releases import Releases

_MOST_ANSWERS = 6  # blocks of one answer; more is a list nobody reads
_LONGEST = 200  # characters of a question
_MOST_ECHOED = 20  # characters of somebody's words that an answer repeats
_EVERYTHING = Meaning(Subject.ALL, "all", "")


class Counting:
    """Views on released rows; nothing here ever looks at a report or slip."""

    def __init__(
        self,
        *,
        releases: Releases,
        pack: PolicyPack,
        tree: RegionTree,
        terms: Sequence[SchoolTerm],
        wording: Wording,
        zone: ZoneInfo,
    ) -> None:
        self._releases = releases
        self._pack = pack
        self._tree = tree
        self._terms = tuple(terms)
        self._wording = wording
        self._zone = zone

    # ---- statistics ----

    async def answer(self, tx: Transaction, question: str, *, now: datetime) -> str:
        """Return the answer to a question in Chinese or English words.

        Raises:
            QueryError: a word or period of it cannot be understood, or means several things.
        """
        everything = [release for release in await self._releases.all(tx) if ".." not in release.period]
        weeks = _weeks(everything)
        asked = self._read(question, everything, weeks, now)
        if not weeks:
            return self._wording.say("stats-none-released")
        periods = asked.periods or (AskedPeriod(weeks[-1], weeks[-1]),)
        wanted = [week for week in weeks if any(period.first <= week <= period.last for period in periods)]
        if not wanted:
            named = "、".join(str(period) for period in periods)
            return self._wording.say("stats-not-released", {"period": named, "latest": str(weeks[-1])})
        return self._answered(asked, wanted, everything)

    def _answered(self, asked: Question, wanted: Sequence[Week], everything: Sequence[Release]) -> str:
        names = {str(week) for week in wanted}
        released = [release for release in everything if release.period in names]
        # Letters have their own part from the first time that any number of them was released.
        imports = any(release.rows for release in everything if release.source is Source.IMPORT)
        sources = [Source.CHAT, Source.IMPORT] if imports else [Source.CHAT]
        answers = [
            answer(region, subject, released, sources)
            for region in asked.regions or (self._root(released),)
            for subject in asked.subjects or (_EVERYTHING,)
        ]
        return statistics_text(_named(wanted), answers, self._names(everything), self._wording)

    def _read(self, question: str, everything: Iterable[Release], weeks: Sequence[Week], now: datetime) -> Question:
        if len(question) > _LONGEST:
            raise QueryError(words=_short(question))
        regions: dict[str, Region] = {}
        for tree in (self._tree, *_trees(everything)):
            for region in tree.regions:
                regions.setdefault(region.id, region)
        calendar = Calendar(now.astimezone(self._zone).date(), self._terms, tuple(weeks))
        try:
            asked = read_question(question, Vocabulary(self._pack, regions.values()), calendar)
        except UnclearPeriodError as unclear:
            raise QueryError(words=_short(unclear.words)) from None
        except UnclearWordError as unclear:
            raise self._unclear(unclear) from None
        if max(len(asked.regions), 1) * max(len(asked.subjects), 1) > _MOST_ANSWERS:
            raise QueryError(words=_short(question))
        return asked

    def _unclear(self, unclear: UnclearWordError) -> QueryError:
        if not unclear.meanings:
            return QueryError(words=_short(unclear.word))
        choices = "、".join(
            dict.fromkeys(meaning.name or self._wording.say("stats-all") for meaning in unclear.meanings)
        )
        error = QueryError(word=_short(unclear.word), choices=choices)
        error.key = "stats-ambiguous"
        return error

    def _root(self, released: Sequence[Release]) -> str:
        return Lattice.from_json(released[-1].lattice).tree.root.id

    # ---- digests ----

    async def weeks(self, tx: Transaction) -> list[Week]:
        """Return the released weeks in order."""
        return _weeks(await self._releases.all(tx))

    async def released(self, tx: Transaction, week: Week) -> list[Release]:
        """Return the releases of one week, one for each source; empty when it is not released."""
        found = [await self._releases.get(tx, str(week), source) for source in Source]
        return [release for release in found if release is not None]

    async def latest_digest(self, tx: Transaction, region: str) -> str | None:
        """Return the digest of the latest released week as text; None before the first release."""
        week = await self._releases.last_week(tx)
        return None if week is None else await self.digest_text(tx, week, region)

    async def digest_text(self, tx: Transaction, week: Week, region: str) -> str:
        """Return a digest as text; raises QueryError as `digest` does."""
        digest, names = await self.digest(tx, week, region)
        return digest_text(digest, names, self._wording)

    async def digest(self, tx: Transaction, week: Week, region: str) -> tuple[Digest, Names]:
        """Return the digest of a region and week, and the names to show it with.

        Raises:
            QueryError: the week is not released.
        """
        released = await self.released(tx, week)
        if not released:
            last = await self._releases.last_week(tx)
            error = QueryError(period=str(week), latest=str(last))
            error.key = "stats-none-released" if last is None else "stats-not-released"
            raise error
        before = await self.released(tx, week.previous())
        return make_digest(week, region, released, before), self._names(released)

    def _names(self, releases: Iterable[Release]) -> Names:
        return Names(self._pack, (self._tree, *_trees(releases)))


def _weeks(releases: Iterable[Release]) -> list[Week]:
    return sorted({Week.parse(release.period) for release in releases if ".." not in release.period})


def _trees(releases: Iterable[Release]) -> list[RegionTree]:
    """Return the trees that were fixed for these releases, the newest first."""
    texts = list(dict.fromkeys(release.lattice for release in releases))
    return [Lattice.from_json(text).tree for text in reversed(texts)]


def _named(weeks: Sequence[Week]) -> str:
    """Return the name of the released weeks an answer covers: runs of weeks, comma between them."""
    runs: list[AskedPeriod] = []
    for week in weeks:
        if runs and runs[-1].last.next() == week:
            runs[-1] = AskedPeriod(runs[-1].first, week)
        else:
            runs.append(AskedPeriod(week, week))
    return "、".join(str(run) for run in runs)


def _short(words: str) -> str:
    return words.strip()[:_MOST_ECHOED]
