"""The lattice: which regions and groups have rows, and in which nodes a leaf counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lattice import ALL, Lattice, Node
from domain.region import Region, RegionTree

CITY = Region(id="city", name="示范市")
# Two groups of the real sizes around the limit: four categories have a row of their own, three have none.
GROUPS = {**{f"big-{n}": "big" for n in range(4)}, **{f"small-{n}": "small" for n in range(3)}}


def districts(number: int, parent: str = "city") -> list[Region]:
    return [Region(id=f"{parent}-{n}", name=f"{parent} 第{n}区", parent=parent) for n in range(number)]


def lattice(*regions: Region, k: int = 5, band: int = 5, cap: int = 3) -> Lattice:
    return Lattice(RegionTree((CITY, *regions)), GROUPS, k, band, cap)


@pytest.mark.parametrize(("k", "band", "cap"), [(4, 5, 3), (5, 4, 3), (10, 9, 3), (5, 5, 0), (5, 5, 6)], ids=str)
def test_parameters_outside_the_bounds_are_refused(k: int, band: int, cap: int) -> None:
    """The k is at least 5, a band at least k wide, and an account counts in one to five leaves."""
    with pytest.raises(ValueError, match="release rule"):
        lattice(k=k, band=band, cap=cap)


@pytest.mark.parametrize(("children", "shown"), [(0, False), (1, False), (5, False), (6, True), (16, True)])
def test_a_region_with_few_children_publishes_its_own_rows_only(children: int, shown: bool) -> None:
    """Fewer than six children publish nothing; the region above them does."""
    below = districts(children)
    expected = {"city"} | ({region.id for region in below} if shown else set())
    assert lattice(*below).shown_regions == expected


def test_a_folded_child_is_no_child_of_the_lattice() -> None:
    """Six districts of which one is folded are five, and the folded one has no row either way."""
    *five, sixth = districts(6)
    folded = Region(id=sixth.id, name=sixth.name, parent="city", fold_into="city-0")
    assert lattice(*five, folded).shown_regions == {"city"}
    assert lattice(*districts(6), Region(id="x", name="小区", parent="city", fold_into="city-0")).shown_regions == {
        "city",
        *(f"city-{n}" for n in range(6)),
    }


def test_what_lies_below_a_hidden_region_is_hidden() -> None:
    """A third level shows only below regions that are shown themselves."""
    deep = [*districts(6), *districts(6, "city-0"), *districts(5, "city-1")]
    assert lattice(*deep).shown_regions == {
        "city",
        *(f"city-{n}" for n in range(6)),
        *(f"city-0-{n}" for n in range(6)),
    }
    shallow = [*districts(5), *districts(6, "city-0")]
    assert lattice(*shallow).shown_regions == {"city"}


def test_a_group_of_three_categories_has_no_row() -> None:
    """A group shows from four categories on."""
    assert lattice().shown_groups == {"big"}


def test_a_leaf_counts_in_every_shown_node_above_it() -> None:
    """District and city, each with category, group and all; without the small group's row."""
    shown = lattice(*districts(6))
    assert set(shown.nodes_above("city-1", "big-0")) == {
        Node(region, kind) for region in ("city", "city-1") for kind in ("big-0", "big", ALL)
    }
    assert set(shown.nodes_above("city-1", "small-0")) == {
        Node(region, kind) for region in ("city", "city-1") for kind in ("small-0", ALL)
    }
    assert {node.region for node in lattice(*districts(5)).nodes_above("city-1", "big-0")} == {"city"}


def test_what_was_added_after_the_block_began_counts_at_the_root_or_among_all() -> None:
    """An unknown region counts in the city, an unknown category under `all` (decision 0006)."""
    shown = lattice(*districts(6))
    assert {node.region for node in shown.nodes_above("brand-new", "big-0")} == {"city"}
    assert {node.category for node in shown.nodes_above("city-1", "brand-new")} == {ALL}


@given(st.integers(0, 20), st.integers(5, 50), st.integers(0, 50), st.integers(1, 5))
def test_a_lattice_survives_being_written_down(children: int, k: int, wider: int, cap: int) -> None:
    """What a release was made with is read back equal, and its text is always the same."""
    made = lattice(*districts(children), k=k, band=k + wider, cap=cap)
    again = Lattice.from_json(made.to_json())
    assert again == made
    assert again.to_json() == made.to_json()
    assert again.shown_regions == made.shown_regions


@pytest.mark.parametrize(("category", "body"), [("", ""), ("voting", "police")])
def test_a_node_has_a_category_or_a_body(category: str, body: str) -> None:
    """Neither and both are refused."""
    with pytest.raises(ValueError, match="a category or a body"):
        Node("city", category, body)
