"""Reports: in clear a random id, the receipt's hash and a keep-by month; all else sealed."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from domain.classification import Body, Kind
from domain.errors import SealBrokenError
from domain.receipt import Receipt
from domain.report import Report, ReportState, Source
from storage.database import Transaction
from storage.keys import Keys
from storage.sealing import LENGTH_BYTES, keyed_hash, open_sealed, padded, place, plain_size, seal, unpadded
from storage.tables import reports

_ID_BYTES: Final = 16
_ROOMS: Final = tuple(1024 * 4**step for step in range(4))  # sizes are few, so that a long report is one of many


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it is kept; `report` is None once it was withdrawn."""

    state: ReportState
    report: Report | None = field(repr=False)


class Reports:
    """Reports sealed under the master key, each bound to its row; a withdrawn one looks the same at rest."""

    def __init__(self, keys: Keys) -> None:
        self._seal_key = keys.derived("reports")
        self._receipt_key = keys.derived("receipts")

    async def add(self, tx: Transaction, report: Report, receipt: Receipt, *, keep_by: str) -> None:
        """Store a report under its receipt until after the month `keep_by` (2027-10).

        Raises:
            DuplicateError: the receipt belongs to another report.
        """
        id_ = secrets.token_bytes(_ID_BYTES)
        row = {
            "id": id_,
            "receipt": self._hash(receipt),
            "keep_by": keep_by,
            "fresh": True,
            "sealed": self._sealed(id_, _with_room(_encoded(report))),
        }
        await tx.insert(reports, [row])

    async def by_receipt(self, tx: Transaction, receipt: Receipt) -> StoredReport | None:
        """Return the report of a receipt; raises SealBrokenError when its row was changed."""
        query = select(reports.c.id, reports.c.sealed).where(reports.c.receipt == self._hash(receipt))
        row = await tx.first(query)
        return None if row is None else self._opened(row.id, row.sealed)

    async def withdraw(self, tx: Transaction, receipt: Receipt) -> None:
        """Delete the text for good; the row stays, with a payload of the same length that says withdrawn."""
        query = select(reports.c.id, reports.c.sealed).where(reports.c.receipt == self._hash(receipt))
        row = await tx.first(query.with_for_update())
        if row is None:
            return
        nothing = padded(_encoded(None), size=plain_size(row.sealed))
        # Fresh again, so that the next shuffle hides which row of its month was touched.
        values = {"sealed": self._sealed(row.id, nothing), "fresh": True}
        await tx.change(update(reports).where(reports.c.id == row.id).values(values))

    async def expire(self, tx: Transaction, *, month: str) -> int:
        """Delete reports whose keep-by month is before `month`; returns how many."""
        return await tx.change(delete(reports).where(reports.c.keep_by < month))

    async def shuffle(self, tx: Transaction) -> int:
        """Rewrite what is new in random order; returns how many rows were new.

        With them goes every row of the same keep-by months, sealed anew: a row rewritten alone, or the only one whose
        bytes differ from yesterday's backup, would be known as withdrawn.
        """
        await tx.keep_others_out(reports)
        months = select(reports.c.keep_by).where(reports.c.fresh.is_(True)).distinct()
        rows = [row._asdict() for row in await tx.rows(select(reports).where(reports.c.keep_by.in_(months)))]
        fresh = sum(bool(row["fresh"]) for row in rows)
        if fresh:
            await tx.change(delete(reports).where(reports.c.keep_by.in_({row["keep_by"] for row in rows})))
            secrets.SystemRandom().shuffle(rows)
            await tx.insert(reports, (self._sealed_anew(row) | {"fresh": False} for row in rows))
        return fresh

    async def count(self, tx: Transaction) -> int:
        """Return how many reports there are, withdrawn ones too."""
        return int(await tx.value(select(func.count()).select_from(reports)))

    async def all(self, tx: Transaction) -> list[StoredReport]:
        """Return every report, in no order that means anything."""
        rows = await tx.rows(select(reports.c.id, reports.c.sealed).order_by(reports.c.id))
        return [self._opened(row.id, row.sealed) for row in rows]

    def _sealed_anew(self, row: dict[str, Any]) -> dict[str, Any]:
        try:
            plain = open_sealed(self._seal_key, row["sealed"], at=place("reports", row["id"], "sealed"))
        except SealBrokenError:
            return row  # damaged: it must not keep the others from being rewritten
        return row | {"sealed": self._sealed(row["id"], plain)}

    def _hash(self, receipt: Receipt) -> bytes:
        return keyed_hash(self._receipt_key, receipt.code)

    def _sealed(self, id_: bytes, plain: bytes) -> bytes:
        return seal(self._seal_key, plain, at=place("reports", id_, "sealed"))

    def _opened(self, id_: bytes, sealed: bytes) -> StoredReport:
        return _decoded(unpadded(open_sealed(self._seal_key, sealed, at=place("reports", id_, "sealed"))))


def _with_room(plain: bytes) -> bytes:
    return next((padded(plain, size=room) for room in _ROOMS if len(plain) + LENGTH_BYTES <= room), padded(plain))


def _encoded(report: Report | None) -> bytes:
    if report is None:
        return b"{}"
    values = {
        "text": report.text,
        "region": report.region,
        "week": report.week,
        "categories": report.categories,
        "body": report.body,
        "kind": report.kind,
        "pack": report.pack,
        "source": report.source,
        "corrected": report.corrected,
        "slip_link": base64.b64encode(report.slip_link).decode(),
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _decoded(plain: bytes) -> StoredReport:
    values: dict[str, Any] = json.loads(plain)
    if not values:
        return StoredReport(ReportState.WITHDRAWN, None)
    report = Report(
        text=values["text"],
        region=values["region"],
        week=values["week"],
        categories=tuple(values["categories"]),
        body=None if values["body"] is None else Body(values["body"]),
        kind=Kind(values["kind"]),
        pack=values["pack"],
        source=Source(values["source"]),
        corrected=values["corrected"],
        slip_link=base64.b64decode(values["slip_link"]),
    )
    return StoredReport(ReportState.STORED, report)
