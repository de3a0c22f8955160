"""Following up by receipt: before and after the week's cut-off, from anywhere, any number of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.services.following_up import FollowingUp, Standing, Withdrawal
from domain.errors import UnknownReceiptError
from domain.receipt import Receipt
from domain.report import ReportState
from storage.database import Database
from storage.keys import Keys
from tests.bot.services.test_reporting import NOW, RULES, Desk

STRANGER = Receipt.issue(range(18))


class Counter:
    """A following-up service beside a reporting one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.service = FollowingUp(reports=desk.reports, slips=desk.slips, releases=desk.releases, rules=RULES)

    async def standing(self, typed: str) -> Standing:
        """Ask how a report stands."""
        async with self.desk.database.reading() as tx:
            return await self.service.standing(tx, typed)

    async def withdraw(self, typed: str, *, now: datetime = NOW) -> Withdrawal:
        """Withdraw a report."""
        async with self.desk.database.transaction() as tx:
            return await self.service.withdraw(tx, typed, now=now)


@pytest.fixture
def counter(any_database: Database, keys: Keys) -> Counter:
    """Both services on each database."""
    return Counter(Desk(any_database, keys))


async def test_before_the_cut_off_text_and_slip_go(counter: Counter) -> None:
    """Nothing is left to count; a second time changes nothing, and others' reports stay."""
    receipt, stored = await counter.desk.submit()
    await counter.desk.submit("telegram:8")
    assert await counter.standing(str(receipt)) == Standing(ReportState.STORED, stored)
    assert await counter.withdraw(str(receipt)) is Withdrawal.WHOLE
    assert await counter.withdraw(str(receipt)) is Withdrawal.AGAIN
    assert await counter.standing(str(receipt)) == Standing(ReportState.WITHDRAWN, None)
    assert len(await counter.desk.counted()) == 1


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        (datetime(2026, 10, 4, 15, 59, tzinfo=UTC), Withdrawal.WHOLE),  # Sunday 23:59 in Shanghai
        (datetime(2026, 10, 4, 16, 0, tzinfo=UTC), Withdrawal.TEXT),  # Monday 00:00
        (datetime(2026, 12, 1, 0, 0, tzinfo=UTC), Withdrawal.TEXT),
    ],
)
async def test_after_the_cut_off_only_the_text_goes(counter: Counter, now: datetime, outcome: Withdrawal) -> None:
    """From the end of its local week on, a report's slip is frozen, for its block as well."""
    receipt, _ = await counter.desk.submit()
    assert await counter.withdraw(str(receipt), now=now) is outcome
    assert (await counter.standing(str(receipt))).report is None
    assert len(await counter.desk.counted()) == (outcome is Withdrawal.TEXT)


async def test_a_released_week_is_frozen_whatever_the_clock_says(counter: Counter) -> None:
    """A clock that was set back does not open a released week again."""
    receipt, _ = await counter.desk.submit()
    await counter.desk.release("2026-W40")
    assert await counter.withdraw(str(receipt), now=NOW - timedelta(weeks=2)) is Withdrawal.TEXT
    assert len(await counter.desk.counted()) == 1


async def test_a_receipt_is_taken_as_people_copy_it(counter: Counter) -> None:
    """Lower case, full width, blanks, and the words around it in the answer it came with."""
    receipt, _ = await counter.desk.submit()
    wide = "".join(chr(ord(symbol) + 0xFEE0) for symbol in str(receipt))
    for typed in (str(receipt).lower(), str(receipt).replace("-", " "), wide, f"回执号：{receipt}\n请存好"):
        assert (await counter.standing(typed)).state is ReportState.STORED


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (str(STRANGER), "error-unknown-receipt"),
        (str(STRANGER).replace("7", "Z", 1), "error-receipt-typo"),
        (str(STRANGER)[:-1], "error-receipt-typo"),
        (f"{STRANGER}A", "error-receipt-typo"),
        ("", "error-unknown-receipt"),
        ("上次那条", "error-unknown-receipt"),
        ("12345", "error-unknown-receipt"),
    ],
    ids=["stranger", "wrong", "missing", "added", "empty", "words", "number"],
)
async def test_a_typing_error_is_told_from_a_stranger(counter: Counter, typed: str, key: str) -> None:
    """Both for the status and for the withdrawal, without repeating what was typed."""
    for ask in (counter.standing, counter.withdraw):
        with pytest.raises(UnknownReceiptError) as refusal:
            await ask(typed)
        assert refusal.value.key == key
        assert not typed or typed not in str(refusal.value)
