"""A digest is a view on released rows: bands, trends where both weeks show them, sections that never mix."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.digest import Digest, Line, Trend, make_digest
from domain.lattice import ALL, Node
from domain.report import Source
from domain.week import Week
from tests.bot.services.week_examples import LATTICE, W40, release_of

W39 = Week(2026, 39)
NOW = {
    Node("haidian", ALL): 17,
    Node("haidian", "street_duty"): 12,
    Node("haidian", "duplicate_forms"): 6,
    Node("haidian", "social_affairs"): 13,
    Node("chaoyang", ALL): 8,
    Node("city", ALL): 31,
    Node("city", "street_duty"): 21,
    Node("city", body="police"): 9,
}
BEFORE = {Node("haidian", "street_duty"): 7, Node("haidian", ALL): 15, Node("haidian", "exam_duty"): 9}


def digest(region: str, *, week_before: bool = True) -> Digest:
    before = [release_of("2026-W39", BEFORE)] if week_before else []
    return make_digest(W40, region, [release_of("2026-W40", NOW)], before)


def test_numbers_stand_in_order_of_size_with_their_trend() -> None:
    """A trend needs the same node in both weeks; equal bands are the same."""
    own = digest("haidian").own
    assert own.total == Line(id=ALL, low=15, high=19, trend=Trend.SAME)
    assert own.categories == (
        Line(id="street_duty", low=10, high=14, trend=Trend.UP),
        Line(id="duplicate_forms", low=5, high=9),
    )
    assert own.groups == (Line(id="social_affairs", low=10, high=14),)


def test_a_falling_band_points_down() -> None:
    swapped = make_digest(W40, "haidian", [release_of("2026-W40", BEFORE)], [release_of("2026-W39", NOW)])
    assert [line.trend for line in swapped.own.categories] == [None, Trend.DOWN]


def test_bands_of_other_parameters_are_not_compared() -> None:
    """After a change of k or band a higher number means nothing."""
    wider = replace(LATTICE, k=6, band=6)
    digest_ = make_digest(
        W40, "haidian", [release_of("2026-W40", NOW)], [release_of("2026-W39", BEFORE, lattice=wider)]
    )
    assert all(line.trend is None for line in digest_.own.categories)


def test_the_root_shows_its_districts_and_bodies_and_no_second_section() -> None:
    root = digest("city")
    assert root.city is None
    assert [line.id for line in root.own.districts] == ["haidian", "chaoyang"]
    assert [line.id for line in root.own.bodies] == ["police"]


def test_a_district_shows_the_city_below_its_own_numbers() -> None:
    district = digest("chaoyang")
    assert district.city is not None
    assert (district.own.region, district.city.region) == ("chaoyang", "city")
    assert [line.id for line in district.city.bodies] == ["police"]
    assert district.own.districts == district.city.districts == ()


def test_letters_stand_apart() -> None:
    """Numbers of letters and calls appear in their own sections and in no other."""
    letters = release_of("2026-W40", {Node("haidian", "exam_duty"): 6}, source=Source.IMPORT)
    made = make_digest(W40, "haidian", [release_of("2026-W40", NOW), letters])
    assert [line.id for line in made.imported[0].categories] == ["exam_duty"]
    assert "exam_duty" not in [line.id for line in made.own.categories]


def test_a_digest_is_gated_only_if_every_release_of_its_week_is() -> None:
    letters = release_of("2026-W40", {}, source=Source.IMPORT, gated=False)
    assert digest("city").gated
    assert not make_digest(W40, "city", [release_of("2026-W40", NOW), letters]).gated


def test_an_empty_week_has_the_same_sections() -> None:
    empty = make_digest(W40, "haidian", [release_of("2026-W40", {})])
    assert len(empty.sections) == len(digest("haidian").sections) == 4
    assert all(section.empty for section in empty.sections)


@pytest.mark.parametrize(("asked", "got"), [("yanqing", "fangshan"), ("unknown", "city")])
def test_a_region_without_rows_of_its_own_gets_the_digest_it_is_counted_in(asked: str, got: str) -> None:
    """A folded region gets its neighbour's, one that was added during the block the root's."""
    assert digest(asked).region == got


def test_nothing_released_makes_no_digest() -> None:
    with pytest.raises(ValueError, match="released week"):
        make_digest(W40, "city", [])
