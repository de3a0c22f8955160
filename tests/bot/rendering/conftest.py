"""The golden files of this folder, and the invented week they show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.rendering.names import Names
from domain.digest import Digest, make_digest
from domain.lattice import ALL, Node
from domain.report import Source
from tests.bot.services.week_examples import PACK, TREE, W40, release_of

GOLDEN = Path(__file__).parents[2] / "golden"
NOW = {
    Node("haidian", ALL): 17,
    Node("haidian", "street_duty"): 12,
    Node("haidian", "duplicate_forms"): 6,
    Node("haidian", "social_affairs"): 13,
    Node("chaoyang", ALL): 8,
    Node("city", ALL): 31,
    Node("city", "street_duty"): 21,
    Node("city", "duplicate_forms"): 11,
    Node("city", "special_campaign"): 5,
    Node("city", "social_affairs"): 24,
    Node("city", body="police"): 9,
    Node("city", body="education"): 14,
}
BEFORE = {
    Node("haidian", "street_duty"): 7,
    Node("haidian", ALL): 15,
    Node("city", ALL): 41,
    Node("city", "street_duty"): 23,
    Node("city", body="police"): 5,
}
LETTERS = {Node("city", ALL): 7, Node("city", "exam_duty"): 6, Node("haidian", "exam_duty"): 5}
Golden = Callable[[str, str], None]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with its golden file; `--update-golden` rewrites the file instead."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.write_text(f"{text}\n", encoding="utf-8")
        assert f"{text}\n" == file.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def names() -> Names:
    """The names of the invented city."""
    return Names(PACK, [TREE])


@pytest.fixture
def digest_of() -> Callable[[str], Digest]:
    """Make the digest of a region in the invented week."""

    def make(region: str) -> Digest:
        released = [release_of("2026-W40", NOW), release_of("2026-W40", LETTERS, source=Source.IMPORT)]
        before = [release_of("2026-W39", BEFORE), release_of("2026-W39", {}, source=Source.IMPORT)]
        return make_digest(W40, region, released, before)

    return make


@pytest.fixture
def empty_digest() -> Digest:
    """A week in which nothing may be shown, and which did not pass the gate."""
    return make_digest(W40, "haidian", [release_of("2026-W40", {}, source=source, gated=False) for source in Source])
