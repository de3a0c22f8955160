"""The first schema.

Revision ID: 0001
Revises:
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _create(name: str, *columns: sa.Column[Any], keys: tuple[str, ...] = ("id",), unique: str | None = None) -> None:
    constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*keys)]
    if unique is not None:
        constraints.append(sa.UniqueConstraint(unique))
    op.create_table(name, *columns, *constraints, sqlite_with_rowid=False)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    _create("inbox", _bytes("id"), _text("day"), _flag("quarantined"), _bytes("sealed"))
    _create("inbox_marks", _bytes("mark"), _text("day"), keys=("mark",))
    _create("drafts", _bytes("id"), _text("day"), _bytes("sealed"))
    _create("outbox", _bytes("id"), _text("day"), _bytes("head"), _bytes("sealed"), _bytes("mark", nullable=True))
    _create("outbox_marks", _bytes("mark"), _text("state"), keys=("mark",))
    _create(
        "reports", _bytes("id"), _bytes("receipt"), _text("keep_by"), _flag("fresh"), _bytes("sealed"), unique="receipt"
    )
    _create("slips", _bytes("id"), _text("block"), _flag("fresh"), _bytes("sealed"))
    _create("import_marks", _bytes("mark"), _text("keep_by"), keys=("mark",))
    _create("people", _bytes("id"), _bytes("mark"), _bytes("sealed"), unique="mark")
    _create(
        "invitations",
        _bytes("mark"),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        _bytes("sealed"),
        keys=("mark",),
    )
    _create(
        "releases",
        _text("period"),
        _text("source"),
        _number("k"),
        _number("band"),
        _number("cap"),
        _flag("gated"),
        _text("lattice"),
        _text("rows"),
        keys=("period", "source"),
    )
    _create("lattices", _text("block"), _text("lattice"), keys=("block",))
    _create("facts", _text("name"), _text("value"), keys=("name",))
