"""Reports are found by their receipt, and by nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Executable, select, text

from domain.classification import Body, Kind
from domain.errors import DuplicateError, SealBrokenError
from domain.receipt import Receipt
from domain.report import Report, ReportState, Source
from storage.database import Database
from storage.keys import Keys
from storage.reports import Reports, StoredReport, _decoded, _encoded
from storage.tables import reports as reports_table
from tests.storage.examples import REPORT, new_receipt, report

_MONTH = "2027-09"
_WITHDRAWN = StoredReport(ReportState.WITHDRAWN, None)


@pytest.fixture
def reports(keys: Keys) -> Reports:
    return Reports(keys)


async def _add(database: Database, reports: Reports, *texts: str, month: str = _MONTH) -> list[Receipt]:
    """Store one report a transaction; returns their receipts."""
    receipts = [new_receipt() for _ in texts]
    for receipt, words in zip(receipts, texts, strict=True):
        async with database.transaction() as tx:
            await reports.add(tx, report(words), receipt, keep_by=month)
    return receipts


async def _texts(database: Database, reports: Reports) -> list[str]:
    async with database.reading() as tx:
        return sorted(item.report.text if item.report else "" for item in await reports.all(tx))


_words = st.text(max_size=20)


@given(
    st.builds(
        Report,
        text=st.text(min_size=1).filter(str.strip),
        region=_words,
        week=_words,
        categories=st.lists(_words, min_size=1, max_size=3, unique=True).map(tuple),
        body=st.none() | st.sampled_from(Body),
        kind=st.sampled_from(Kind),
        pack=_words,
        source=st.sampled_from(Source),
        corrected=st.booleans(),
        slip_link=st.binary(max_size=60),
    )
)
def test_every_report_comes_back_as_it_was(anything: Report) -> None:
    assert _decoded(_encoded(anything)) == StoredReport(ReportState.STORED, anything)


async def test_a_receipt_finds_its_report_and_no_other(any_database: Database, reports: Reports) -> None:
    first, second = await _add(any_database, reports, "第一", "第二")
    async with any_database.reading() as tx:
        assert await reports.by_receipt(tx, first) == StoredReport(ReportState.STORED, report("第一"))
        assert await reports.by_receipt(tx, second) == StoredReport(ReportState.STORED, report("第二"))
        assert await reports.by_receipt(tx, new_receipt()) is None
        assert await reports.count(tx) == 2


async def test_a_receipt_belongs_to_one_report(any_database: Database, reports: Reports) -> None:
    (receipt,) = await _add(any_database, reports, "第一")
    with pytest.raises(DuplicateError):
        async with any_database.transaction() as tx:
            await reports.add(tx, report("第二"), receipt, keep_by=_MONTH)
    assert await _texts(any_database, reports) == ["第一"]


async def test_a_withdrawn_report_has_no_text_and_keeps_its_receipt(any_database: Database, reports: Reports) -> None:
    """Doing it twice, or with an unknown receipt, changes nothing more."""
    first, second = await _add(any_database, reports, "第一", "第二")
    for receipt in (first, first, new_receipt()):
        async with any_database.transaction() as tx:
            await reports.withdraw(tx, receipt)
    async with any_database.reading() as tx:
        assert await reports.by_receipt(tx, first) == _WITHDRAWN
        assert (await reports.by_receipt(tx, second)) != _WITHDRAWN
        assert await reports.count(tx) == 2


async def test_a_withdrawn_row_looks_like_the_others(any_database: Database, reports: Reports) -> None:
    """Every column has the form it had: same length, same month; after the shuffle the same flag."""
    (receipt, *_) = await _add(any_database, reports, "长" * 400, "长" * 400)
    async with any_database.transaction() as tx:
        await reports.shuffle(tx)
    async with any_database.transaction() as tx:
        await reports.withdraw(tx, receipt)
    async with any_database.transaction() as tx:
        await reports.shuffle(tx)
        rows = await tx.rows(select(reports_table))
    shapes = {(len(row.id), len(row.receipt), row.keep_by, row.fresh, len(row.sealed)) for row in rows}
    assert len(shapes) == 1


async def test_texts_of_like_length_take_the_same_room(any_database: Database, reports: Reports) -> None:
    await _add(any_database, reports, "短", "稍微长一点的内容")
    async with any_database.reading() as tx:
        sizes = {len(row.sealed) for row in await tx.rows(select(reports_table.c.sealed))}
    assert len(sizes) == 1


async def test_reports_of_any_length_are_of_three_sizes(any_database: Database, reports: Reports) -> None:
    """The longest report that can be sent too: a size that few rows have would tell whose it is."""
    for length in (1, 50, 100, 200, 400, 700, 1000, 2000, 4000):
        await _add(any_database, reports, "字" * length)
    async with any_database.reading() as tx:
        assert len({len(row.sealed) for row in await tx.rows(select(reports_table.c.sealed))}) == 3


async def test_reports_go_after_their_month(any_database: Database, reports: Reports) -> None:
    await _add(any_database, reports, "八月", month="2027-08")
    await _add(any_database, reports, "九月", month="2027-09")
    async with any_database.transaction() as tx:
        assert await reports.expire(tx, month="2027-08") == 0
        assert await reports.expire(tx, month="2027-09") == 1
    assert await _texts(any_database, reports) == ["九月"]


async def test_a_shuffle_keeps_every_row(any_database: Database, reports: Reports) -> None:
    """All reports and receipts are there afterwards; only new rows are counted, and only once."""
    words = [f"第{number}条" for number in range(30)]
    receipts = await _add(any_database, reports, *words)
    async with any_database.transaction() as tx:
        assert await reports.shuffle(tx) == 30
    async with any_database.transaction() as tx:
        assert await reports.shuffle(tx) == 0
    await _add(any_database, reports, "又一条")
    async with any_database.transaction() as tx:
        assert await reports.shuffle(tx) == 1
        for receipt, text_ in zip(receipts, words, strict=True):
            assert await reports.by_receipt(tx, receipt) == StoredReport(ReportState.STORED, report(text_))
    assert await _texts(any_database, reports) == sorted([*words, "又一条"])


async def test_backups_do_not_tell_which_report_was_withdrawn(any_database: Database, reports: Reports) -> None:
    """Between two days' backups the sealed bytes of every report of the month differ."""
    (receipt, *_) = await _add(any_database, reports, *(f"第{number}条" for number in range(5)))

    async def backup() -> dict[bytes, bytes]:
        async with any_database.transaction() as tx:
            await reports.shuffle(tx)
            return {row.receipt: row.sealed for row in await tx.rows(select(reports_table))}

    before = await backup()
    async with any_database.transaction() as tx:
        await reports.withdraw(tx, receipt)
    after = await backup()
    assert after.keys() == before.keys()
    assert [key for key in before if before[key] == after[key]] == []


async def test_a_damaged_report_does_not_keep_the_others_from_the_shuffle(
    any_database: Database, reports: Reports
) -> None:
    first, second = await _add(any_database, reports, "第一", "第二")
    async with any_database.transaction() as tx:
        damaged = reports_table.update().where(reports_table.c.receipt == reports._hash(first))
        await tx.change(damaged.values(sealed=b"damaged"))
        assert await reports.shuffle(tx) == 2
        assert await reports.by_receipt(tx, second) == StoredReport(ReportState.STORED, report("第二"))
        with pytest.raises(SealBrokenError):
            await reports.by_receipt(tx, first)


async def test_a_shuffle_loses_and_revives_nothing_that_happens_meanwhile(
    any_database: Database, reports: Reports
) -> None:
    """Of a report that comes and one that is withdrawn while rows are rewritten, the first stays, the other is gone."""
    (receipt,) = await _add(any_database, reports, "第一")
    shuffled = asyncio.Event()

    async def meanwhile() -> None:
        await shuffled.wait()
        await _add(any_database, reports, "又一条")
        async with any_database.transaction() as tx:
            await reports.withdraw(tx, receipt)

    happening = asyncio.create_task(meanwhile())
    async with any_database.transaction() as tx:
        change = tx.change

        async def slow(statement: Executable) -> int:
            shuffled.set()
            await asyncio.wait({happening}, timeout=0.2)
            return await change(statement)

        tx.change = slow  # type: ignore[method-assign]  # a pause between reading and deleting
        await reports.shuffle(tx)
    await happening
    assert await _texts(any_database, reports) == ["", "又一条"]


@pytest.mark.postgres
async def test_a_shuffle_hides_the_order_on_postgresql(postgresql_url: str, reports: Reports) -> None:
    """Neither the place of a row in the heap nor its transaction number tells when it came."""
    database = await Database.open(postgresql_url)
    receipts = await _add(database, reports, *(f"第{number}条" for number in range(40)))
    hashes = [reports._hash(receipt) for receipt in receipts]

    async def heap() -> list[bytes]:
        async with database.reading() as tx:
            return [row.receipt for row in await tx.rows(text("SELECT receipt FROM reports ORDER BY ctid"))]

    assert await heap() == hashes
    async with database.transaction() as tx:
        await reports.shuffle(tx)
    assert sorted(await heap()) == sorted(hashes)
    assert await heap() != hashes
    async with database.transaction() as tx:
        await reports.withdraw(tx, receipts[3])
    async with database.transaction() as tx:
        assert await reports.shuffle(tx) == 1
        writers = await tx.value(text("SELECT count(DISTINCT xmin::text) FROM reports"))
    assert writers == 1  # the withdrawn row cannot be told by who wrote it last
    await database.close()


async def test_a_row_opens_at_its_own_place_only(any_database: Database, reports: Reports) -> None:
    """Text moved under another receipt is noticed."""
    first, _ = await _add(any_database, reports, "第一", "第二")
    async with any_database.transaction() as tx:
        rows = await tx.rows(select(reports_table.c.id, reports_table.c.sealed))
        for row, other in zip(rows, reversed(rows), strict=True):
            change = reports_table.update().where(reports_table.c.id == row.id)
            await tx.change(change.values(sealed=other.sealed))
    async with any_database.reading() as tx:
        with pytest.raises(SealBrokenError):
            await reports.by_receipt(tx, first)


async def test_another_master_key_finds_nothing(any_database: Database, reports: Reports, keys: Keys) -> None:
    """The receipt's hash is keyed: who has the database alone cannot try receipts."""
    (receipt,) = await _add(any_database, reports, "第一")
    (keys._folder / "master.key").write_bytes(b"another master key, 32 bytes lon")
    async with any_database.reading() as tx:
        assert await Reports(Keys.open(keys._folder)).by_receipt(tx, receipt) is None


def test_a_stored_report_does_not_show_its_text_in_a_repr() -> None:
    assert REPORT.text not in repr(StoredReport(ReportState.STORED, replace(REPORT)))
