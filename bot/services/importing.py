"""Letters and hotline calls: takes a file in line by line, each line whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.services.letter_reading import Letter, LetterFile, LetterRefusedError, letters, look_through
from bot.services.reporting import Examiner, PeriodRules, Reporting
from domain.classification import Kind
from domain.errors import MaskingRefusedError, ReportTooLongError
from domain.policy_pack import PolicyPack
from domain.region import RegionTree
from domain.report import Report, Source
from domain.week import Week
from storage.database import Database, Transaction
from storage.imports import Imports
from storage.releases import Releases

_OLDEST = timedelta(days=366)  # an older date is more likely a typing error than a letter to be counted in its week

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken in, and why, in one sentence without its text."""

    line: int
    reason: str


@dataclass(slots=True)
class Imported:
    """What became of the lines of a file."""

    stored: int = 0
    duplicate: int = 0
    refused: list[Refusal] = field(default_factory=list)


class Importing:
    """Masks, reads and stores letters as reports of the source import; the receipt goes to nobody.

    A letter counts in the week it was received in, as long as that week is not released, not older than a year and not
    in the future; else in the current week. A line is one transaction: after a kill the same file is given again, and
    what was stored is found as duplicate.
    """

    def __init__(
        self,
        database: Database,
        *,
        examiner: Examiner,
        reporting: Reporting,
        releases: Releases,
        imports: Imports,
        pack: PolicyPack,
        tree: RegionTree,
        rules: PeriodRules,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._examiner = examiner
        self._reporting = reporting
        self._releases = releases
        self._imports = imports
        self._pack = pack
        self._tree = tree
        self._rules = rules
        self._clock = clock

    async def import_file(self, path: Path, *, progress: Progress | None = None) -> Imported:
        """Take a file in; `progress` is told the lines done and the lines there are.

        Raises:
            ServiceError: the file cannot be read or has not the columns it needs.
            StorageError: the database failed; what was stored stays, and the file may be given again.
        """
        file = look_through(path)
        await self._begin(file)
        result = Imported()
        for line in letters(file):
            try:
                if line.letter is None:
                    raise LetterRefusedError(line.refused)  # noqa: TRY301  one way for every refusal
                if await self._take_in(line.letter, mark=_mark(file, line.number, line.letter)):
                    result.stored += 1
                else:
                    result.duplicate += 1
            except LetterRefusedError as refused:
                result.refused.append(Refusal(line.number, str(refused)))
            if progress is not None:
                progress(line.number, file.lines)
        return result

    async def _begin(self, file: LetterFile) -> None:
        """Let a store that has released nothing begin with the earliest week of the file."""
        today = self._today()
        days = (line.letter.received_on for line in letters(file) if line.letter is not None)
        earliest = min((day for day in days if today - _OLDEST <= day <= today), default=today)
        async with self._database.transaction() as tx:
            await self._releases.begin(tx, Week.of(earliest))

    async def _take_in(self, letter: Letter, *, mark: str) -> bool:
        """Store one letter; False when it was stored before. Whatever is refused leaves nothing behind."""
        now = self._clock()
        async with self._database.transaction() as tx:
            if not await self._imports.remember(tx, mark, keep_by=self._rules.keep_by(now)):
                return False
            report = self._report(letter, await self._week(tx, letter.received_on))
            await self._reporting.submit(tx, report, person=self._person(letter, report.region), now=now)
        return True

    async def _week(self, tx: Transaction, received_on: date) -> Week:
        today = self._today()
        week, last = Week.of(received_on), await self._releases.last_week(tx)
        is_open = today - _OLDEST <= received_on <= today and (last is None or week > last)
        began = await self._releases.began(tx)
        return week if is_open and (began is None or week >= began) else Week.of(today)

    def _report(self, letter: Letter, week: Week) -> Report:
        region = self._region(letter.region)
        chosen = self._category(letter.category)
        try:
            text, _ = self._examiner.mask(letter.text)
        except ReportTooLongError as error:
            raise LetterRefusedError(f"The text is longer than {error.arguments['limit']} characters.") from None
        except MaskingRefusedError:
            raise LetterRefusedError("The text could not be masked for certain; take names and numbers out.") from None
        reading = self._examiner.read(text)
        if chosen is None and reading.kind is not Kind.REPORT:
            raise LetterRefusedError(
                f"It reads as {reading.kind.value}, not as a report; with a category it is taken in."
            )
        return Report(
            text=text,
            region=region,
            week=str(week),
            categories=(chosen,) if chosen else tuple(label.category for label in reading.labels),
            body=reading.body,
            kind=reading.kind,
            pack=reading.pack,
            source=Source.IMPORT,
            corrected=chosen is not None,
        )

    def _region(self, words: str) -> str:
        found = self._tree.find(words)
        if len(found) != 1:
            raise LetterRefusedError(
                "The region is unknown or not unique; give the id of a region without others in it."
            )
        return found[0].id

    def _category(self, words: str | None) -> str | None:
        if words is None:
            return None
        found = [entry.id for entry in self._pack.categories if words in (entry.id, entry.name, entry.short)]
        if len(found) != 1:
            raise LetterRefusedError("The category is unknown; give the id of a category of the policy pack.")
        return found[0]

    def _person(self, letter: Letter, region: str) -> str:
        """Return the person key; letters without a reporter count as one person per region (and period)."""
        if letter.reporter is None:
            return f"import-region:{self._tree.counting(region)}"
        return f"import-reporter:{letter.reporter}"

    def _today(self) -> date:
        return self._clock().astimezone(self._rules.zone).date()


def _mark(file: LetterFile, number: int, letter: Letter) -> str:
    return f"id|{letter.id}" if letter.id is not None else f"line|{file.digest}|{number}"
