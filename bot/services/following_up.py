"""Shows or withdraws a report by its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.services.reporting import PeriodRules
from domain.errors import UnknownReceiptError
from domain.receipt import Receipt, receipt_in, resembles_receipt
from domain.report import Report, ReportState
from domain.week import Week
from storage.database import Transaction
from storage.releases import Releases
from storage.reports import Reports
from storage.slips import Slips, open_link


class Withdrawal(StrEnum):
    """What a withdrawal could still undo."""

    WHOLE = "whole"  # text and slip: the report is not counted
    TEXT = "text"  # the week had closed: its numbers stay
    AGAIN = "again"  # it was withdrawn before


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands; `report` is None once it was withdrawn."""

    state: ReportState
    report: Report | None


class FollowingUp:
    """Everything the holder of a receipt may do, from any account and channel."""

    def __init__(self, *, reports: Reports, slips: Slips, releases: Releases, rules: PeriodRules) -> None:
        self._reports = reports
        self._slips = slips
        self._releases = releases
        self._rules = rules

    async def standing(self, tx: Transaction, typed: str) -> Standing:
        """Return how the report of a typed receipt stands.

        Raises:
            UnknownReceiptError: the receipt has a typing error or belongs to no report.
        """
        stored = await self._reports.by_receipt(tx, _parsed(typed))
        if stored is None:
            raise UnknownReceiptError
        return Standing(stored.state, stored.report)

    async def withdraw(self, tx: Transaction, typed: str, *, now: datetime) -> Withdrawal:
        """Delete the text, and before the week's cut-off the slip as well; doing it twice changes nothing.

        Raises:
            UnknownReceiptError: the receipt has a typing error or belongs to no report.
        """
        receipt = _parsed(typed)
        stored = await self._reports.by_receipt(tx, receipt)
        if stored is None:
            raise UnknownReceiptError
        if stored.report is None:
            return Withdrawal.AGAIN
        week = Week.parse(stored.report.week)
        last = await self._releases.last_week(tx)
        counted = self._rules.week(now) > week or (last is not None and week <= last)
        if not counted:
            await self._slips.remove(tx, open_link(receipt, stored.report.slip_link))
        await self._reports.withdraw(tx, receipt)
        return Withdrawal.TEXT if counted else Withdrawal.WHOLE


def _parsed(typed: str) -> Receipt:
    receipt = receipt_in(typed)
    if receipt is None:
        error = UnknownReceiptError()
        if resembles_receipt(typed):
            error.key = "error-receipt-typo"
        raise error
    return receipt
