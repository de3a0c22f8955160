"""The schema as it is today."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, Table, Text

METADATA = MetaData()


def _table(name: str, *columns: Column[object]) -> Table:
    # Without a rowid nothing counts the rows in the order in which they came.
    return Table(name, METADATA, *columns, sqlite_with_rowid=False)


def _id() -> Column[object]:
    return Column("id", LargeBinary, primary_key=True)


def _text(name: str) -> Column[object]:
    return Column(name, Text, nullable=False)


def _bytes(name: str, *, unique: bool = False) -> Column[object]:
    return Column(name, LargeBinary, nullable=False, unique=unique or None)


def _flag(name: str) -> Column[object]:
    return Column(name, Boolean, nullable=False)


# Live for hours, sealed under day keys; `day` names the key.
inbox = _table("inbox", _id(), _text("day"), _flag("quarantined"), _bytes("sealed"))
inbox_marks = _table("inbox_marks", Column("mark", LargeBinary, primary_key=True), _text("day"))
drafts = _table("drafts", _id(), _text("day"), _bytes("sealed"))
outbox = _table(
    "outbox", _id(), _text("day"), _bytes("head"), _bytes("sealed"), Column("mark", LargeBinary, nullable=True)
)
outbox_marks = _table("outbox_marks", Column("mark", LargeBinary, primary_key=True), _text("state"))

# `fresh`: not yet rewritten in random order; says nothing else (a withdrawal makes a row fresh as well).
reports = _table("reports", _id(), _bytes("receipt", unique=True), _text("keep_by"), _flag("fresh"), _bytes("sealed"))
slips = _table("slips", _id(), _text("block"), _flag("fresh"), _bytes("sealed"))
import_marks = _table("import_marks", Column("mark", LargeBinary, primary_key=True), _text("keep_by"))

people = _table("people", _id(), _bytes("mark", unique=True), _bytes("sealed"))
invitations = _table(
    "invitations",
    Column("mark", LargeBinary, primary_key=True),
    Column("expires", BigInteger, nullable=False),  # seconds since 1970
    _bytes("sealed"),
)

# Public: what was released, and what was fixed for it.
releases = _table(
    "releases",
    Column("period", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("k", Integer, nullable=False),
    Column("band", Integer, nullable=False),
    Column("cap", Integer, nullable=False),
    _flag("gated"),
    _text("lattice"),
    _text("rows"),
)
lattices = _table("lattices", Column("block", Text, primary_key=True), _text("lattice"))
facts = _table("facts", Column("name", Text, primary_key=True), _text("value"))
