"""Distinct accounts per node: one district a block, at most `cap` leaves a week, whatever the order of arrival."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.classification import Body
from domain.lattice import ALL, Lattice, Node
from domain.region import Region, RegionTree
from domain.release import make_release
from domain.report import Slip, Source
from domain.tally import CountedLeaf, counted_leaves, tally

DISTRICTS = tuple("abcdefg")
TREE = RegionTree(
    (
        Region(id="root", name="市"),
        *(Region(id=id_, name=id_, parent="root") for id_ in DISTRICTS),
        Region(id="folded", name="小区", parent="root", fold_into="a"),
    )
)
GROUPS = {"c1": "big", "c2": "big", "c3": "big", "c4": "big", "c5": "small", "c6": "small"}
LATTICE = Lattice(TREE, GROUPS, 5, 5, 2)
WEEKS = ("2026-W37", "2026-W38", "2026-W39")


def chance(choice: str) -> bytes:
    return hashlib.sha256(choice.encode()).digest()


def slip(
    person: str = "p",
    region: str = "a",
    *categories: str,
    week: str = WEEKS[0],
    body: Body | None = None,
) -> Slip:
    return Slip(
        person=person.encode(),
        week=week,
        region=region,
        categories=categories or ("c1",),
        body=body,
        source=Source.CHAT,
    )


def leaves_of(*slips: Slip) -> tuple[CountedLeaf, ...]:
    return counted_leaves(slips, LATTICE, chance)


def counts(*slips: Slip, weeks: tuple[str, ...] = WEEKS) -> dict[Node, int]:
    return tally(leaves_of(*slips), LATTICE, weeks)


def test_ten_reports_of_one_account_are_one_account() -> None:
    assert counts(*[slip()] * 10) == {
        Node("a", ALL): 1,
        Node("a", "c1"): 1,
        Node("a", "big"): 1,
        Node("root", ALL): 1,
        Node("root", "c1"): 1,
        Node("root", "big"): 1,
    }


def test_a_small_group_has_no_node() -> None:
    assert Node("a", "small") not in counts(slip("p", "a", "c5"))


def test_reports_of_a_folded_region_count_where_it_is_folded() -> None:
    assert counts(slip("p", "folded")) == counts(slip("p", "a"))


def test_one_account_counts_in_at_most_cap_leaves_a_week() -> None:
    """Four categories in one week are two leaves; a second week has two of its own."""
    week = [slip("p", "a", "c1", "c2", "c3"), slip("p", "a", "c4")]
    later = [replace(one, week=WEEKS[1]) for one in week]
    assert Counter(leaf.week for leaf in leaves_of(*week, *later)) == {WEEKS[0]: 2, WEEKS[1]: 2}


def test_bodies_count_through_counted_leaves_only() -> None:
    """A body named with a leaf that is over the cap counts nowhere."""
    slips = [slip("p", "a", category, body=body) for category, body in zip(("c1", "c2", "c3"), Body, strict=False)]
    kept = leaves_of(*slips)
    assert len(kept) == 2
    bodies = {node.body for node in counts(*slips) if node.body}
    assert bodies == {body for leaf in kept for body in leaf.bodies}
    assert len(bodies) == 2


def test_a_body_that_stands_for_any_other_office_has_no_node() -> None:
    """The rest of all offices is never published; the report counts as any other."""
    counted = counts(slip("p", "a", "c1", body=Body.MARKET))
    assert not any(node.body for node in counted)
    assert counted[Node("root", ALL)] == 1


def test_unknown_regions_and_categories_count_where_nothing_names_them() -> None:
    """A region added after the block began counts in the root, a category among all."""
    assert set(counts(slip("p", "added", "c1"))) == {Node("root", ALL), Node("root", "c1"), Node("root", "big")}
    assert set(counts(slip("p", "a", "added"))) == {Node("root", ALL), Node("a", ALL)}


SLIPS = st.lists(
    st.builds(
        slip,
        st.sampled_from(["p1", "p2", "p3", "p4", "p5", "p6", "p7"]),
        st.sampled_from([*DISTRICTS[:3], "folded", "added"]),
        st.sampled_from([*GROUPS, "added"]),
        week=st.sampled_from(WEEKS),
        body=st.sampled_from([None, Body.POLICE, Body.SCHOOL]),
    ),
    max_size=40,
)


@given(slips=SLIPS, chance_order=st.randoms(use_true_random=False))
def test_order_of_arrival_changes_nothing(slips: list[Slip], chance_order: Random) -> None:
    shuffled = list(slips)
    chance_order.shuffle(shuffled)
    assert leaves_of(*shuffled) == leaves_of(*slips)


@given(slips=SLIPS)
def test_later_weeks_never_change_what_an_earlier_week_counted(slips: list[Slip]) -> None:
    """What was counted up to a week stays the same when the following weeks are added."""
    for last in WEEKS:
        until = leaves_of(*[one for one in slips if one.week <= last])
        assert until == tuple(leaf for leaf in leaves_of(*slips) if leaf.week <= last)


@given(slips=SLIPS)
def test_an_account_counts_in_one_district_and_within_the_cap(slips: list[Slip]) -> None:
    """Of every account: one district in the block, one it named itself, and at most cap leaves in each week."""
    leaves = leaves_of(*slips)
    for person in {one.person for one in slips}:
        own = [leaf for leaf in leaves if leaf.person == person]
        named = {LATTICE.counting(one.region) for one in slips if one.person == person}
        assert len({leaf.region for leaf in own}) == 1
        assert {leaf.region for leaf in own} <= named
        assert max(Counter(leaf.week for leaf in own).values()) <= LATTICE.cap


@given(slips=SLIPS)
def test_no_row_says_more_than_the_rule_allows(slips: list[Slip]) -> None:
    """Every row is a whole band at or above k that holds the true count, of a place that may be shown."""
    release_counts = counts(*slips, weeks=WEEKS[:1])
    release = make_release(release_counts, LATTICE, period=WEEKS[0], source=Source.CHAT)
    people = {one.person for one in slips if one.week == WEEKS[0]}
    for row in release.rows:
        assert 5 <= row.low <= release_counts[Node(row.region, row.category or "", row.body or "")] <= row.high
        assert row.high == row.low + 4
        assert row.low <= len(people)
        assert row.region in LATTICE.shown_regions
        assert row.category in {ALL, *LATTICE.groups, *LATTICE.shown_groups} or row.region == TREE.root.id
