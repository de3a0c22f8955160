"""Accepts a report: mask, classify, store, issue a receipt."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.classification import Classification
from domain.errors import ReportTooLongError
from domain.lattice import Lattice
from domain.masked_text import MaskedText
from domain.receipt import ALPHABET, RANDOM_SYMBOLS, Receipt
from domain.report import Report, Slip
from domain.week import Week, block_of
from storage.database import Transaction
from storage.releases import Releases
from storage.reports import Reports
from storage.slips import Slips, link


class TextMasker(Protocol):
    """Finds and replaces personal data; refuses what it is not sure of."""

    def mask(self, text: str, *, placeholders_kept: bool = False) -> MaskedText:
        """Return the masked text; raises MaskingRefusedError."""


class TextClassifier(Protocol):
    """Says what a text is."""

    def classify(self, text: str) -> Classification:
        """Return the reading of a text."""


class Examiner:
    """Masks first, then reads the masked text; nothing else ever sees the raw one."""

    def __init__(self, masker: TextMasker, classifier: TextClassifier, *, longest: int) -> None:
        self._masker = masker
        self._classifier = classifier
        self._longest = longest

    def mask(self, text: str, *, before: str = "") -> tuple[str, int]:
        """Return the masked text and how many places were masked.

        `before` is the masked text it will stand behind: both together may not be too long.

        Raises:
            ReportTooLongError: more characters than the limit.
            MaskingRefusedError: it cannot be masked for certain.
        """
        if len(before) + len(text) > self._longest:
            raise ReportTooLongError(limit=self._longest)
        masked = self._masker.mask(text)
        return masked.text, len(masked.spans)

    def read(self, masked: str) -> Classification:
        """Return the reading of a masked text."""
        return self._classifier.classify(masked)


@dataclass(frozen=True, slots=True)
class PeriodRules:
    """What decides the week, block and keep-by month of a report: zone, length of a block, days kept."""

    zone: ZoneInfo
    block_weeks: int
    keep_days: int

    def week(self, now: datetime) -> Week:
        """Return the ISO week of the local date."""
        return Week.of(now.astimezone(self.zone).date())

    def keep_by(self, now: datetime) -> str:
        """Return the last month in which a report made now is kept.

        Deleting begins with the following month, so that no report is kept for more days than promised. It is the same
        for a whole week: in a week that two months share, the day's own month would tell the days apart.
        """
        runs_out = self.week(now).monday + timedelta(days=self.keep_days)
        return f"{runs_out.replace(day=1) - timedelta(days=1):%Y-%m}"


class Reporting:
    """Stores a confirmed report with its slip and issues the receipt, in the caller's transaction."""

    def __init__(
        self, *, reports: Reports, slips: Slips, releases: Releases, lattice: Lattice, rules: PeriodRules
    ) -> None:
        self._reports = reports
        self._slips = slips
        self._releases = releases
        self._lattice = lattice
        self._rules = rules

    async def open_week(self, tx: Transaction, wanted: Week) -> Week:
        """Return the week a report counts in: the wanted one, or the first after the last released.

        Nothing is ever added at or below a released week, whatever the clock says.
        """
        last = await self._releases.last_week(tx)
        return wanted if last is None or wanted > last else last.next()

    async def submit(self, tx: Transaction, report: Report, *, person: str, now: datetime) -> tuple[Receipt, Report]:
        """Store a report of this account; its week is set here, and the first of a block fixes the block's lattice.

        Returns:
            The receipt, and the report as stored.
        """
        week = await self.open_week(tx, Week.parse(report.week))
        block = await self._open_block(tx, week)
        receipt = Receipt.issue([secrets.randbelow(len(ALPHABET)) for _ in range(RANDOM_SYMBOLS)])
        slip = Slip(
            person=self._slips.tag(person, block=block),
            week=str(week),
            region=report.region,
            categories=report.categories,
            body=report.body,
            source=report.source,
        )
        slip_id = await self._slips.add(tx, slip, block=block)
        stored = replace(report, week=str(week), slip_link=link(receipt, slip_id))
        await self._reports.add(tx, stored, receipt, keep_by=self._rules.keep_by(now))
        return receipt, stored

    async def _open_block(self, tx: Transaction, week: Week) -> str:
        """Return the block of a week; its first report fixes what the block is counted by, and the store's beginning.

        k never falls below what was released before.
        """
        began = await self._releases.began(tx)
        if began is None or week < began:
            await self._releases.begin(tx, week)
        fixed = await self._releases.blocks(tx)
        block = block_of(week, self._rules.block_weeks, fixed)
        if block not in fixed:
            k = max([self._lattice.k, *(release.k for release in await self._releases.all(tx))])
            lattice = replace(self._lattice, k=k, band=max(self._lattice.band, k))
            await self._releases.fix_lattice(tx, str(block), lattice.to_json())
        return str(block)
