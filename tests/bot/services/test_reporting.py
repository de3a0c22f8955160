"""Accepting a report: mask first, the right week and block, a lattice that is fixed once, one receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.reporting import Examiner, PeriodRules, Reporting
from domain.classification import Body, Kind
from domain.errors import MaskingRefusedError, ReportTooLongError, StorageError
from domain.lattice import Lattice
from domain.receipt import Receipt
from domain.region import Region, RegionTree
from domain.release import make_release
from domain.report import Report, Slip, Source
from domain.week import Week
from storage.database import Database
from storage.keys import Keys
from storage.releases import Releases
from storage.reports import Reports
from storage.slips import Slips, open_link
from tests.bot.conversation.small_world import LATTICE, ZONE, SmallClassifier, SmallMasker

RULES = PeriodRules(zone=ZONE, block_weeks=4, keep_days=365)
NOW = datetime(2026, 9, 30, 2, tzinfo=UTC)  # Wednesday of 2026-W40
BLOCK = "2026-W37..W40"


class Desk:
    """A reporting service on a real database, with what it has stored."""

    def __init__(
        self, database: Database, keys: Keys, *, lattice: Lattice = LATTICE, rules: PeriodRules = RULES
    ) -> None:
        self.database = database
        self.reports, self.slips, self.releases = Reports(keys), Slips(keys), Releases()
        self.service = Reporting(
            reports=self.reports, slips=self.slips, releases=self.releases, lattice=lattice, rules=rules
        )

    async def submit(
        self, person: str = "telegram:7", *, now: datetime = NOW, then: Exception | None = None, **fields: Any
    ) -> tuple[Receipt, Report]:
        """Store a report, and fail with `then` before the transaction ends."""
        usual = {"text": "又让投票", "region": "haidian", "week": str(RULES.week(now)), "categories": ("voting",)}
        report = Report(**{**usual, "body": Body.POLICE, "kind": Kind.REPORT, "pack": "small@1", **fields})
        async with self.database.transaction() as tx:
            done = await self.service.submit(tx, report, person=person, now=now)
            if then is not None:
                raise then
        return done

    async def counted(self, block: str = BLOCK) -> list[Slip]:
        """Return the slips of a block."""
        async with self.database.reading() as tx:
            return await self.slips.open_all(tx, block)

    async def fixed(self, block: str = BLOCK) -> Lattice | None:
        """Return the lattice of a block."""
        async with self.database.reading() as tx:
            text = await self.releases.lattice_of(tx, block)
        return None if text is None else Lattice.from_json(text)

    async def began(self) -> Week | None:
        """Return the first week of the store."""
        async with self.database.reading() as tx:
            return await self.releases.began(tx)

    async def release(self, week: str, *, k: int = 5) -> None:
        """Publish an empty release of a week."""
        empty = make_release({}, replace(LATTICE, k=k, band=max(k, 5)), period=week, source=Source.CHAT)
        async with self.database.transaction() as tx:
            await self.releases.publish(tx, empty)


@pytest.fixture
def desk(any_database: Database, keys: Keys) -> Desk:
    """A reporting service on each database."""
    return Desk(any_database, keys)


# ---- storing ----


async def test_a_report_is_stored_with_its_slip_and_receipt(desk: Desk) -> None:
    """The report has all it names, the slip what is counted, and only the receipt leads from one to the other."""
    receipt, stored = await desk.submit()
    async with desk.database.reading() as tx:
        found = await desk.reports.by_receipt(tx, receipt)
    assert found is not None
    assert found.report == stored
    (slip,) = await desk.counted()
    assert (slip.week, slip.region, slip.categories) == ("2026-W40", "haidian", ("voting",))
    assert (slip.body, slip.source) == (Body.POLICE, Source.CHAT)
    async with desk.database.transaction() as tx:
        assert await desk.slips.remove(tx, open_link(receipt, stored.slip_link))
    assert await desk.counted() == []


async def test_one_account_is_known_again_within_a_block_only(desk: Desk) -> None:
    """Two reports of one account have the same tag, those of two accounts and of two blocks have not."""
    await desk.submit("telegram:7")
    await desk.submit("telegram:7", categories=("forms",))
    await desk.submit("telegram:8")
    tags = {slip.person for slip in await desk.counted()}
    assert len(tags) == 2
    await desk.submit("telegram:7", now=NOW + timedelta(weeks=1))
    assert not tags & {slip.person for slip in await desk.counted("2026-W41..W44")}


async def test_every_report_has_a_receipt_of_its_own(desk: Desk) -> None:
    """The same text twice is two reports with two receipts."""
    assert (await desk.submit())[0] != (await desk.submit())[0]


async def test_what_fails_leaves_nothing(desk: Desk) -> None:
    """When the transaction fails after the report, neither report, slip, lattice nor beginning is there."""
    with pytest.raises(StorageError):
        await desk.submit(then=StorageError())
    async with desk.database.reading() as tx:
        assert await desk.reports.count(tx) == 0
    assert await desk.counted() == []
    assert await desk.fixed() is None
    assert await desk.began() is None


# ---- weeks and blocks ----


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (datetime(2026, 10, 4, 15, 59, tzinfo=UTC), "2026-W40"),  # Sunday 23:59 in Shanghai
        (datetime(2026, 10, 4, 16, 0, tzinfo=UTC), "2026-W41"),  # Monday 00:00 in Shanghai
        (datetime(2027, 1, 3, 12, tzinfo=UTC), "2026-W53"),
    ],
)
def test_a_report_belongs_to_the_week_of_the_local_day(now: datetime, week: str) -> None:
    """Weeks begin on Monday at midnight where the service is, not in Greenwich."""
    assert str(RULES.week(now)) == week


async def test_nothing_is_added_to_a_released_week(desk: Desk) -> None:
    """Whatever the clock says, a report counts after the newest released week, in that week's block."""
    await desk.release("2026-W41")
    _, stored = await desk.submit()
    assert stored.week == "2026-W42"
    assert [slip.week for slip in await desk.counted("2026-W41..W44")] == ["2026-W42"]


async def test_an_earlier_open_week_is_kept(desk: Desk) -> None:
    """A letter of an open week counts in that week, and the store then began there."""
    await desk.submit()
    await desk.submit(week="2026-W38", source=Source.IMPORT)
    assert sorted(slip.week for slip in await desk.counted()) == ["2026-W38", "2026-W40"]
    assert await desk.began() == Week(2026, 38)


# ---- what the first report fixes ----


async def test_the_first_report_fixes_the_block(any_database: Database, keys: Keys) -> None:
    """Tree, groups, k, band and cap of the first report stay for the block, whatever is configured later."""
    desk = Desk(any_database, keys)
    assert await desk.began() is None
    await desk.submit()
    assert await desk.fixed() == LATTICE
    assert await desk.began() == Week(2026, 40)

    tree = RegionTree((*LATTICE.tree.regions, Region(id="new", name="新区", parent="city")))
    changed = Lattice(tree, {**LATTICE.groups, "newer": "paper"}, 10, 20, 1)
    later = Desk(any_database, keys, lattice=changed)
    await later.submit(region="new", categories=("newer",))
    assert await later.fixed() == LATTICE
    assert await later.began() == Week(2026, 40)
    assert {slip.region for slip in await later.counted()} == {"haidian", "new"}
    await later.submit(now=NOW + timedelta(weeks=1))
    assert await later.fixed("2026-W41..W44") == changed


async def test_a_changed_length_waits_for_the_next_block(any_database: Database, keys: Keys) -> None:
    """A week of a fixed block stays in it; the first block of another length begins behind it."""
    await Desk(any_database, keys).submit()
    later = Desk(any_database, keys, rules=replace(RULES, block_weeks=13))
    await later.submit("telegram:8")
    assert len(await later.counted(BLOCK)) == 2
    await later.submit(now=NOW + timedelta(weeks=1))
    assert len(await later.counted("2026-W41..W53")) == 1


async def test_the_threshold_never_falls(desk: Desk) -> None:
    """A block that begins after releases with a higher k has at least that k, and bands as wide."""
    await desk.release("2026-W39", k=9)
    await desk.submit()
    fixed = await desk.fixed()
    assert fixed is not None
    assert (fixed.k, fixed.band) == (9, 9)


# ---- how long ----


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)), st.integers(62, 3650))  # noqa: DTZ001  made aware below
def test_no_report_is_kept_longer_than_promised(naive: datetime, days: int) -> None:
    """Deleting begins with the month after the keep-by month: at most a month and a week early, and never late."""
    now = naive.replace(tzinfo=UTC)
    rules = PeriodRules(zone=ZoneInfo("Asia/Shanghai"), block_weeks=4, keep_days=days)
    year, month = map(int, rules.keep_by(now).split("-"))
    deleted = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=ZONE)
    kept = deleted - now.astimezone(ZONE)
    assert timedelta(days=days - 38) <= kept <= timedelta(days=days)


@given(st.dates(date(2024, 1, 1), date(2040, 1, 1)), st.integers(62, 3650))
def test_the_keep_by_month_tells_no_day_of_a_week(day: date, days: int) -> None:
    """Every report of a week has the same one, even when a month begins within the week: it stands in clear."""
    rules = PeriodRules(zone=ZONE, block_weeks=4, keep_days=days)
    noons = [datetime.combine(day + timedelta(days=n), time(12), tzinfo=ZONE) for n in range(7)]
    months = {(str(rules.week(noon)), rules.keep_by(noon)) for noon in noons}
    assert len(months) == len({week for week, _ in months})


# ---- masking first ----


class Curious(SmallClassifier):
    """Remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def classify(self, text: str) -> Any:
        """Return the reading."""
        self.seen.append(text)
        return super().classify(text)


def test_masking_comes_first() -> None:
    """The masked text and the number of places come back, and there is no way to show the classifier another."""
    examiner = Examiner(SmallMasker(), Curious(), longest=100)
    assert examiner.mask("张某让投票，13800000000") == ("〔姓名〕让投票，〔电话〕", 2)
    assert examiner.mask("又让投票") == ("又让投票", 0)
    assert examiner.read("〔姓名〕让投票").labels[0].category == "voting"


def test_a_text_is_measured_with_what_stands_before_it() -> None:
    """The limit holds for all messages of a draft together, and is said."""
    examiner = Examiner(SmallMasker(), SmallClassifier(), longest=10)
    assert examiner.mask("x" * 4, before="y" * 6) == ("x" * 4, 0)
    with pytest.raises(ReportTooLongError) as refusal:
        examiner.mask("x" * 5, before="y" * 6)
    assert refusal.value.arguments == {"limit": 10}


def test_what_cannot_be_masked_is_refused() -> None:
    """The refusal of the masker comes through, without the text."""
    with pytest.raises(MaskingRefusedError) as refusal:
        Examiner(SmallMasker(), SmallClassifier(), longest=100).mask("遮不住的张某")
    assert "张某" not in str(refusal.value)
