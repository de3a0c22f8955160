"""The tree of regions: what is refused, how folding counts, what people may call a region."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.region import Region, RegionTree, built_in_tree, region_tree

CITY = Region(id="city", name="示范市")


def district(number: int, **fields: str) -> Region:
    return Region(id=f"d{number}", name=f"第{number}区", parent="city", **fields)  # type: ignore[arg-type]


def tree(*regions: Region) -> RegionTree:
    return RegionTree((CITY, *regions))


@pytest.mark.parametrize(
    ("regions", "says"),
    [
        ([], "exactly one"),
        ([CITY, Region(id="other", name="别市")], "exactly one"),
        ([CITY, district(1), district(1)], "stands twice"),
        ([CITY, Region(id="a", name="甲", parent="nowhere")], "unknown parent"),
        ([CITY, district(1, fold_into="nowhere")], "unknown region"),
        ([CITY, district(1, fold_into="d1")], "back to itself"),
        ([CITY, district(1, fold_into="d2"), district(2, fold_into="d1")], "back to itself"),
        ([CITY, Region(id="a", name="甲", parent="b"), Region(id="b", name="乙", parent="a")], "back to itself"),
        ([CITY, district(1, fold_into="city")], "without children"),
    ],
)
def test_what_is_no_tree_is_refused(regions: list[Region], says: str) -> None:
    """Each way to be no tree is refused with its reason."""
    with pytest.raises(ValueError, match=says):
        RegionTree(tuple(regions))


@st.composite
def trees(draw: st.DrawFn) -> RegionTree:
    """Trees of up to 20 regions, each below one that stands before it."""
    regions = [CITY]
    for number in range(draw(st.integers(0, 19))):
        parent = draw(st.sampled_from(regions)).id
        regions.append(Region(id=f"r{number}", name=f"第{number}地", parent=parent))
    return RegionTree(tuple(draw(st.permutations(regions))))


@given(trees())
def test_every_region_leads_to_the_root(tree: RegionTree) -> None:
    """The way up from any region ends at the one root and follows the children backwards."""
    for region in tree.regions:
        path = tree.ancestors(region.id)
        assert path[0] == region.id
        assert path[-1] == tree.root.id == "city"
        assert all(tree.by_id[low] in tree.children(high) for low, high in pairwise(path))


@given(trees())
def test_leaves_are_the_regions_without_children(tree: RegionTree) -> None:
    """A region is a leaf or has children, never both, and each leaf is found by its id and its name."""
    assert {region.id for region in tree.regions if not tree.children(region.id)} == {leaf.id for leaf in tree.leaves}
    for leaf in tree.leaves:
        assert tree.find(leaf.id) == tree.find(leaf.name) == (leaf,)


def test_folding_leads_to_the_region_that_counts() -> None:
    """A folded region counts where its chain of folding ends."""
    folded = tree(district(1, fold_into="d2"), district(2, fold_into="d3"), district(3))
    assert [folded.counting(region) for region in ("d1", "d2", "d3")] == ["d3", "d3", "d3"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("海淀区", ["haidian"]),
        ("海淀", ["haidian"]),
        (" ＨＡＩＤＩＡＮ ", ["haidian"]),
        ("东", ["east", "east2"]),
        ("东城区", ["east"]),
        ("新区(北)", ["north"]),
        ("新区（北）", ["north"]),
        ("城区", []),
        ("示范市", []),
        ("", []),
        ("　", []),
    ],
)
def test_people_may_shorten_a_name(words: str, found: list[str]) -> None:
    """An id, a name or its beginning in any width names a leaf; what could be two names both."""
    named = tree(
        Region(id="haidian", name="海淀区", parent="city"),
        Region(id="east", name="东城区", parent="city"),
        Region(id="east2", name="东城区东部", parent="city"),
        Region(id="north", name="新区（北）", parent="city"),
    )
    assert [leaf.id for leaf in named.find(words)] == found


def test_without_configuration_there_is_one_region() -> None:
    """The built-in tree is one region, root and leaf at once."""
    assert region_tree([]) == built_in_tree()
    assert built_in_tree().leaves == (built_in_tree().root,)
    assert region_tree([CITY]).root == CITY
