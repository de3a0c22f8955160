"""The flow over whole courses: updates of pack and regions, and properties of whatever people do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cards import Cards
from bot.conversation.reporter import Conversation
from bot.conversation.step import (
    ChoosingRegion,
    Idle,
    NotAReport,
    Piece,
    Step,
    decode,
    encode,
    offered_in,
)
from bot.conversation.turn import (
    Answered,
    Chose,
    Commanded,
    Event,
    Examine,
    Examined,
    Noticed,
    Submit,
    Submitted,
    Turn,
    Wrote,
)
from domain.region import Region, RegionTree
from tests.bot.conversation.small_flow import (
    FLOW,
    RECEIPT,
    STEPS,
    TYPO,
    WORDS,
    opened,
    reach,
    texts,
)
from tests.bot.conversation.small_world import PACK, draft

# ---- another policy pack, another tree ----


OTHER_TREE = RegionTree(
    (
        Region(id="city", name="示范市"),
        Region(id="a", name="甲区", parent="city"),
        Region(id="b", name="乙区", parent="city"),
    )
)
LATER = Conversation(Cards(WORDS, replace(PACK, version="2"), OTHER_TREE), OTHER_TREE)


@pytest.mark.parametrize("name", ["draft", "draft of two messages", "category"])
def test_a_draft_of_an_older_pack_is_read_again(name: str) -> None:
    """The first button pressed after an update shows the draft as it reads now; nothing of the old reading is kept."""
    step = replace_corrected(STEPS[name])
    for event in (Chose(offered_in(step)[0].id), Wrote("1"), Commanded("start")):
        turn = LATER.advance(step, event)
        assert WORDS.say("draft-renewed") in texts(turn)
        assert isinstance(turn.action, Examine)
        kept = turn.action.draft
        assert kept is not None
        assert (kept.pieces, kept.region, kept.corrected) == (opened(step).pieces, None, False)
        shown = LATER.advance(turn.step, Examined(replace(kept, candidates=("duty", "voting", "apps"), pack="small@2")))
        assert isinstance(shown.step, ChoosingRegion)


def replace_corrected(step: Step) -> Step:
    assert not isinstance(step, Idle)
    return replace(step, draft=replace(step.draft, corrected=True))


def test_a_text_beside_an_older_draft_is_added_to_a_fresh_reading() -> None:
    """Going on to write reads everything again without further words."""
    turn = LATER.advance(replace_corrected(STEPS["draft"]), Wrote("还要打卡"))
    assert isinstance(turn.action, Examine)
    assert turn.action.text == "还要打卡"
    assert turn.action.draft is not None
    assert (turn.action.draft.categories, turn.action.draft.corrected, turn.action.draft.region) == ((), False, None)
    assert turn.replies == ()


def test_an_older_draft_can_be_cancelled_and_insisted_on() -> None:
    """Cancelling needs no reading; 仍作为反映提交 is remembered over the new reading."""
    assert LATER.advance(STEPS["draft"], Commanded("cancel")).step == Idle()
    insisted = LATER.advance(STEPS["no report"], Chose(offered_in(STEPS["no report"])[0].id))
    assert isinstance(insisted.action, Examine)
    assert insisted.action.draft is not None
    assert insisted.action.draft.insisted


# ---- properties ----


words = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["又让投票", "朝阳", "1", "2", "3", "4", "5", "99", "谢谢", "怎么办？", RECEIPT, TYPO, "😀", "取消"]
    ),
)
names = st.sampled_from(
    ["start", "help", "cancel", "status", "withdraw", "privacy", "join", "stats", "digest", "x", ""]
)
events = st.one_of(
    words.map(Wrote),
    st.builds(Commanded, names, st.one_of(st.just(""), st.just("chaoyang"), words)),
    st.text(max_size=20).map(Chose),
    st.sampled_from(["unsupported", "edited"]).map(Noticed),
    st.integers(0, 8),  # the button of this number, if there is one
)


def examined(action: Examine) -> Examined:
    """Do what acting does, without a masker."""
    before = action.draft.pieces if action.draft else action.pieces
    pieces = (*before, Piece(action.text)) if action.text else before
    split_off = bool(action.pieces)
    seen = draft(*(piece.text for piece in pieces), region=action.region, waiting=action.waiting, insisted=split_off)
    if action.draft is not None:
        old = action.draft
        seen = replace(seen, region=old.region, insisted=old.insisted, waiting=old.waiting)
    return Examined(seen)


@given(st.lists(events, max_size=25))
def test_whatever_people_do_is_answered(done: list[Event | int]) -> None:
    """Over any course each event gets an answer or an action, and the step can be stored."""
    step: Step = Idle()
    for thing in done:
        offered = offered_in(step)
        event = Chose(offered[thing % len(offered)].id if offered else "") if isinstance(thing, int) else thing
        turn = FLOW.advance(step, event)
        assert turn.replies or turn.action is not None
        while turn.action is not None:
            if isinstance(turn.action, Examine):
                turn = FLOW.advance(turn.step, examined(turn.action))
            elif isinstance(turn.action, Submit):
                assert turn.action.draft.region in {"haidian", "chaoyang", "tongzhou"}
                assert turn.action.draft.categories
                turn = FLOW.advance(turn.step, Submitted(turn.action.draft, RECEIPT))
            else:
                turn = FLOW.advance(turn.step, Answered(text="好"))
            assert turn.replies
        step = turn.step
        assert decode(encode(step)) == step


@given(st.lists(words.filter(lambda text: "谢谢" not in text), min_size=1, max_size=6), st.data())
def test_no_written_word_is_lost(written: list[str], data: st.DataObject) -> None:
    """Whatever is split off and supplemented, each message that was taken in ends in exactly one submitted report."""
    step: Step = reach(draft("第一条投票"))
    kept: list[str] = ["第一条投票"]
    sent: list[str] = []

    def run(turn: Turn) -> Step:
        while turn.action is not None:
            if isinstance(turn.action, Examine):
                if turn.action.text:
                    kept.append(turn.action.text)
                turn = FLOW.advance(turn.step, examined(turn.action))
            elif isinstance(turn.action, Submit):
                sent.extend(piece.text for piece in turn.action.draft.pieces)
                turn = FLOW.advance(turn.step, Submitted(turn.action.draft, RECEIPT))
            else:
                turn = Turn(turn.step)
        return turn.step

    for text in written:
        if isinstance(step, Idle | NotAReport) or text in {"1", "2", "3", "4", "5", "99"}:
            continue
        step = run(FLOW.advance(step, Wrote(text)))
        if data.draw(st.booleans()) and not isinstance(step, Idle):
            step = run(FLOW.advance(step, Chose(f"split.{opened(step).mark}")))
    for _ in range(40):
        if isinstance(step, Idle):
            break
        verb = {"NotAReport": "insist", "ChoosingRegion": "region", "ChoosingCategory": "back"}.get(
            type(step).__name__, "submit"
        )
        step = run(FLOW.advance(step, Chose(f"{verb}.{opened(step).mark}" + ".haidian" * (verb == "region"))))
    assert step == Idle()
    assert sorted(sent) == sorted(kept)
