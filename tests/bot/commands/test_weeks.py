"""release, published, digest, stats on a store whose weeks are over."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import load_settings
from bot.store import opened_store, reporting
from bot.weeks import build_releasing
from classifiers.pack_loader import load_pack
from domain.classification import Body, Kind
from domain.report import Report
from domain.week import Week
from tests.bot.commands.conftest import Call

_KEYS = {"period", "region", "low", "high", "k", "band", "cap", "source"}


async def _fill(moment: datetime) -> None:
    settings, _ = load_settings(os.environ)
    pack = load_pack()
    async with opened_store(settings) as store:
        await build_releasing(settings, store, pack, clock=lambda: moment).begin()
        service = reporting(settings, store, pack)
        for number in range(12):
            report = Report(
                text="校长要求每天打卡。",
                region="haidian" if number < 7 else "miyun",
                week=str(Week.of(moment.astimezone(settings.zone).date())),
                categories=("app_checkin",) if "app_checkin" in pack.category_by_id else (pack.categories[0].id,),
                body=next(iter(Body)),
                kind=Kind.REPORT,
                pack=pack.name,
            )
            async with store.database.transaction() as tx:
                await service.submit(tx, report, person=f"telegram:{number}", now=moment)


@pytest.fixture
def weeks(call: Call) -> tuple[Week, Week]:
    """Two weeks that are over and not yet released; twelve people reported in the first."""
    moment = datetime.now(UTC) - timedelta(days=21)
    asyncio.run(_fill(moment))
    first = Week.of((moment + timedelta(hours=8)).date())
    return first, first.next()


def test_weeks_are_released_once_and_then_shown_everywhere(call: Call, weeks: tuple[Week, Week], folder: Path) -> None:
    """release, published, digest and stats tell the same bands; a second release changes nothing."""
    first, second = weeks
    released = call("release", "--week", str(first))
    assert (released.code, "jianfu: " in released.errors) == (0, False)
    name, shown = released.out.split()
    assert name == str(first)
    assert int(shown) > 0
    before = call("published", "--json")
    rows = json.loads(before.out)
    assert set(rows) == {"k", "band", "cap", "rows"}
    assert len(rows["rows"]) == int(shown)
    for row in rows["rows"]:
        assert set(row) in ({*_KEYS, "category"}, {*_KEYS, "body"})
        assert row["period"] == str(first)
        assert (row["low"] - row["k"]) % row["band"] == 0
        assert row["high"] == row["low"] + row["band"] - 1
    assert call("release", "--week", str(first)).out == released.out
    assert call("published").out == before.out

    digest = call("digest", "--period", str(first), "--region", "haidian", "--format", "json")
    content = json.loads(digest.out)
    assert (content["period"], content["region"]) == (str(first), "haidian")
    assert content["sections"][0]["total"] == {"low": 5, "high": 9, "trend": None}
    out = folder / "digest.txt"
    assert call("digest", "--period", str(first), "--region", "haidian", "--out", str(out)).out == ""
    assert "5–9" in out.read_text("utf-8")
    assert "5–9" in call("stats", f"{first} 海淀").out

    later = call("release", "--all-due")
    assert later.out.startswith(f"{second} 0\n")
    assert call("release").out == "No week is due.\n"


def test_a_picture_goes_to_a_file(call: Call, weeks: tuple[Week, Week], folder: Path) -> None:
    """--format png writes a PNG whole; without Chinese characters in any font it says which to install."""
    assert call("release").code == 0
    out = folder / "digest.png"
    answer = call("digest", "--period", str(weeks[0]), "--format", "png", "--out", str(out))
    if answer.code == 0:
        assert out.read_bytes().startswith(b"\x89PNG\r\n")
    else:
        assert "font" in answer.errors
        assert not out.exists()


def test_before_the_first_release(call: Call) -> None:
    """Before any release the digest is refused, stats say as the chat does that there is none, published has no row."""
    digest = call("digest")
    assert (digest.code, digest.out) == (1, "")
    assert "No week has been released yet" in digest.errors
    stats = call("stats", "上周")
    assert (stats.code, stats.out, stats.errors) == (0, "还没有发布过任何一周的数字。\n", "")
    assert json.loads(call("published").out)["rows"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("release", "--week", "2026-W54"), 1),
        (("release", "--week", "last"), 1),
        (("release", "--week", "2999-W01"), 1),
        (("release", "--abandon", "never"), 1),
        (("release", "--week", "2026-W40", "--all-due"), 2),
        (("digest", "--region", "atlantis"), 1),
        (("digest", "--format", "xlsx"), 1),
        (("digest", "--format", "odt"), 2),
        (("digest", "--period", "2026-W99"), 1),
    ],
)
def test_wrong_questions_are_refused(call: Call, arguments: tuple[str, ...], code: int) -> None:
    """Each is refused with its exit code in a short sentence and writes nothing."""
    answer = call(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert answer.errors
    if code == 1:
        assert answer.errors.count("\n") == 1
        assert len(answer.errors) < 300


def test_words_nobody_knows_are_refused(call: Call, weeks: tuple[Week, Week]) -> None:
    """A question that is not understood is refused in the words of the chat, and echoed shortened."""
    assert call("release").code == 0
    for question in ("火星 投票", "王" * 20_000):
        answer = call("stats", question)
        assert (answer.code, answer.out) == (1, "")
        assert answer.errors.count("\n") == 1
        assert len(answer.errors) < 300
