"""Invented values for the tests of this folder."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from domain.classification import Body, Kind
from domain.receipt import ALPHABET, RANDOM_SYMBOLS, Receipt
from domain.report import Report, Slip, Source

BLOCK = "2026-W37..W40"
MARK = "绿色鲸鱼在操场第八圈"  # nothing else contains these words

REPORT = Report(
    text=f"{MARK}，每天转发答题链接",
    region="haidian",
    week="2026-W40",
    categories=("votes_likes", "app_checkins"),
    body=Body.EDUCATION,
    kind=Kind.REPORT,
    pack="beijing-1",
    corrected=True,
    slip_link=b"\x00\xff link",
)
SLIP = Slip(
    person=b"p" * 32,
    week="2026-W40",
    region="haidian",
    categories=("votes_likes",),
    body=Body.HEALTH,
    source=Source.CHAT,
)


def new_receipt() -> Receipt:
    """Return a random receipt."""
    return Receipt.issue([secrets.randbelow(len(ALPHABET)) for _ in range(RANDOM_SYMBOLS)])


def report(text: str) -> Report:
    """Return a report with this text."""
    return replace(REPORT, text=text)


def bytes_on_disk(file: Path) -> bytes:
    """Return all bytes of a SQLite database, its write-ahead log and what else stands beside it."""
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))
