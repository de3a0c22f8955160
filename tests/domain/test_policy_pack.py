"""Looking things up in a policy pack."""

from __future__ import annotations

from domain.policy_pack import Category, Group, PolicyPack


def category(id_: str, group: str) -> Category:
    fields = {"name": id_, "short": id_, "describes": "", "right": "", "clauses": (), "ledger_rows": ()}
    return Category(id=id_, group=group, **fields)  # type: ignore[arg-type]


def test_a_pack_is_read_in_its_own_order() -> None:
    """Categories and groups come back by id and in the order of the pack; reports remember id and version."""
    pack = PolicyPack(
        id="cn",
        version="7",
        title="",
        documents=(),
        clauses=(),
        groups=(Group("b", "乙"), Group("a", "甲")),
        categories=(category("z", "a"), category("y", "b"), category("x", "a")),
    )
    assert [entry.id for entry in pack.categories_of("a")] == ["z", "x"]
    assert list(pack.category_by_id) == ["z", "y", "x"]
    assert list(pack.group_by_id) == ["b", "a"]
    assert pack.name == "cn@7"
