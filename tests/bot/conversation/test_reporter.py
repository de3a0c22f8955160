"""The flow as a pure function: every step with every event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.conversation.cards import Cards
from bot.conversation.reporter import Conversation
from bot.conversation.step import (
    ChoosingRegion,
    Idle,
    Piece,
    ShowingDraft,
    Step,
    draft_of,
    offered_in,
)
from bot.conversation.turn import (
    Action,
    Answered,
    Ask,
    Chose,
    Commanded,
    Event,
    Examine,
    Examined,
    ExplainPrivacy,
    Help,
    Join,
    LookUp,
    Noticed,
    NotSubmitted,
    ShowDigest,
    Submit,
    Submitted,
    Turn,
    Withdraw,
    Wrote,
)
from domain.classification import Kind
from domain.message import Outbound, Repeat
from tests.bot.conversation.small_flow import (
    CHAT,
    FLOW,
    RECEIPT,
    STEPS,
    TYPO,
    WORDS,
    labels,
    opened,
    press,
    reach,
    texts,
)
from tests.bot.conversation.small_world import ONE_REGION, PACK, draft

each_step = pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())


# ---- what means the same in every step ----


@dataclass(frozen=True)
class Same:
    """An event that says or does the same in every step, and leaves the step as it is."""

    event: Event
    says: str = ""
    does: Action | None = None


SAME = {
    "empty": Same(Wrote(""), "empty-message"),
    "blank": Same(Wrote(" \n　"), "empty-message"),
    "invisible": Same(Wrote("\u200b\u2060"), "empty-message"),
    "receipt": Same(Wrote(RECEIPT), does=LookUp(RECEIPT)),
    "receipt in lower case with spaces": Same(
        Wrote(RECEIPT.lower().replace("-", " ")), does=LookUp(RECEIPT.lower().replace("-", " "))
    ),
    "receipt with a typo": Same(Wrote(TYPO), does=LookUp(TYPO)),
    "copied receipt": Same(Wrote(f"回执号：{RECEIPT}"), does=LookUp(f"回执号：{RECEIPT}")),
    "unknown command": Same(Commanded("vote"), "unknown-command"),
    "nameless command": Same(Commanded("", "toupiao"), "unknown-command"),
    "help": Same(Commanded("help"), does=Help()),
    "privacy": Same(Commanded("privacy"), does=ExplainPrivacy()),
    "status": Same(Commanded("status", RECEIPT), does=LookUp(RECEIPT)),
    "status without receipt": Same(Commanded("status"), "status-usage"),
    "withdraw": Same(Commanded("withdraw", RECEIPT), does=Withdraw(RECEIPT)),
    "withdraw without receipt": Same(Commanded("withdraw"), "withdraw-usage"),
    "join": Same(Commanded("join", "ABCD"), does=Join("ABCD")),
    "join without code": Same(Commanded("join"), does=Join("")),
    "stats": Same(Commanded("stats", "上周"), does=Ask("上周")),
    "digest": Same(Commanded("digest"), does=ShowDigest()),
    "unsupported": Same(Noticed("unsupported"), "unsupported"),
    "edited": Same(Noticed("edited"), "edited"),
    "button of another draft": Same(Chose("submit.otherone~1"), "stale-button"),
    "button of an earlier version": Same(Chose("submit.tokentok~1"), "stale-button"),
    "button of nobody": Same(Chose("x"), "stale-button"),
    "empty button": Same(Chose(""), "stale-button"),
    "answer": Same(Answered("status-withdrawn"), "status-withdrawn"),
}


@each_step
@pytest.mark.parametrize("same", SAME.values(), ids=SAME.keys())
def test_what_is_no_text_of_a_report_leaves_the_step_alone(step: Step, same: Same) -> None:
    """One answer or one action, and the person stands where they stood, with the same choices."""
    turn = FLOW.advance(step, same.event)
    assert turn.step == step
    assert texts(turn) == ([WORDS.say(same.says)] if same.says else [])
    assert turn.action == same.does


@each_step
@pytest.mark.parametrize("typed", ["0", "88", "９９", "99.", "㊿"])
def test_a_number_that_stands_for_nothing_is_no_report(step: Step, typed: str) -> None:
    """Out of range, or with nothing offered, a number gets one sentence and changes nothing."""
    turn = FLOW.advance(step, Wrote(typed))
    most = len(offered_in(step))
    expected = WORDS.say("number-unknown", {"most": most}) if most else WORDS.say("number-nothing")
    assert (turn.step, texts(turn), turn.action) == (step, [expected], None)


@each_step
def test_every_number_is_its_button(step: Step) -> None:
    """Each choice can be taken by its number, in any width, with the same effect as its button."""
    for number, choice in enumerate(offered_in(step), 1):
        for typed in (str(number), f" {number}. ", f"{number}、", chr(0xFF10 + number) if number < 10 else str(number)):
            assert FLOW.advance(step, Wrote(typed)) == FLOW.advance(step, Chose(choice.id))


def test_a_circled_number_is_a_number() -> None:
    """People type ② as well."""
    assert FLOW.advance(STEPS["draft"], Wrote("②")) == press(STEPS["draft"], "choice-category")


def test_a_long_number_is_a_text() -> None:
    """A year or a telephone number is no choice."""
    assert isinstance(FLOW.advance(Idle(), Wrote("2026")).action, Examine)


# ---- texts ----


@pytest.mark.parametrize(
    "text", ["又让我们投票", "呀", "😀😀", "1 学校让投票", "长" * 3000, f"{'又要投票' * 60}{RECEIPT}"]
)
def test_a_text_out_of_nothing_is_examined(text: str) -> None:
    """Any text begins a draft, in the region of the link if one was followed."""
    assert FLOW.advance(Idle(), Wrote(text)) == Turn(Idle(), action=Examine(text=text))
    linked = Idle(region="tongzhou")
    assert FLOW.advance(linked, Wrote(text)) == Turn(linked, action=Examine(text=text, region="tongzhou"))


@pytest.mark.parametrize(
    "name", ["draft", "draft of two messages", "draft with one waiting", "category", "category of a group"]
)
def test_a_text_beside_a_draft_is_added(name: str) -> None:
    """Text while a draft is open is examined behind it, and stays a report whatever it says."""
    step = STEPS[name]
    turn = FLOW.advance(step, Wrote("谢谢"))
    assert turn == Turn(step, action=Examine(text="谢谢", draft=replace(opened(step), insisted=True)))


def test_a_text_after_an_answer_begins_anew() -> None:
    """What was no report is forgotten; its region and what waits behind it are not."""
    step = STEPS["no report, one waiting"]
    expected = Examine(text="又让投票", region="haidian", waiting=(Piece("还有站岗"),))
    assert FLOW.advance(step, Wrote("又让投票")) == Turn(step, action=expected)


# ---- the region ----


@pytest.mark.parametrize("typed", ["朝阳区", "朝阳", "chaoyang", " ＣＨＡＯＹＡＮＧ "])
@pytest.mark.parametrize("name", ["region", "draft", "category"])
def test_a_region_can_be_typed(name: str, typed: str) -> None:
    """A region is taken by its name, when it is asked for and to correct the one that is shown."""
    turn = FLOW.advance(STEPS[name], Wrote(typed))
    assert isinstance(turn.step, ShowingDraft)
    assert turn.step.draft.region == "chaoyang"
    assert "朝阳区" in texts(turn)[0]


def test_an_unknown_region_is_asked_for_again() -> None:
    """A short text that names no region gets the question once more."""
    turn = FLOW.advance(STEPS["region"], Wrote("某某县"))
    assert isinstance(turn.step, ChoosingRegion)
    assert texts(turn) == [WORDS.say("error-unknown-region"), WORDS.say("ask-region")]
    assert labels(turn.replies[1]) == ["海淀区", "朝阳区", "通州区", "取消"]


def test_a_long_text_beside_the_question_belongs_to_the_report() -> None:
    """Whoever goes on writing is not asked what the region 〈whole sentence〉 is."""
    step = STEPS["region"]
    turn = FLOW.advance(step, Wrote("而且每天晚上都要在群里接龙打卡"))
    assert turn.action == Examine(text="而且每天晚上都要在群里接龙打卡", draft=replace(opened(step), insisted=True))


def test_a_region_can_be_tapped() -> None:
    """The tapped region shows the draft."""
    turn = press(STEPS["region"], "通州区")
    assert isinstance(turn.step, ShowingDraft)
    assert turn.step.draft.region == "tongzhou"


def test_with_one_region_nobody_asks() -> None:
    """The only region is taken, and the card does not invite to change it."""
    flow = Conversation(Cards(WORDS, PACK, ONE_REGION), ONE_REGION)
    turn = flow.advance(Idle(), Examined(draft(region=None)))
    assert isinstance(turn.step, ShowingDraft)
    assert turn.step.draft.region == "local"
    assert WORDS.say("draft-region", {"region": "本地区"}) in texts(turn)[0].splitlines()
    more = flow.advance(turn.step, Wrote("本地区"))
    assert isinstance(more.action, Examine)


# ---- the card ----


def test_the_card_shows_what_will_be_stored() -> None:
    """Text, mask count, category, clause, right, body and region, then four buttons."""
    step = FLOW.advance(Idle(), Examined(replace(draft("派出所让投票"), pieces=(Piece("派出所让投票〔姓名〕", 1),))))
    assert texts(step)[0].splitlines() == [
        *WORDS.say("draft-head").splitlines(),
        "派出所让投票〔姓名〕",
        WORDS.say("draft-foot"),
        WORDS.say("draft-masked", {"count": 1}),
        "类别：投票类",
        "依据：方案 第1条「不得要求教师投票。」",
        "您可以不投票。",
        "谁要求的：公安部门",
        "地区：海淀区（不对的话，直接写区名）",
    ]
    assert labels(step.replies[0]) == ["提交", "改类别", "补充", "取消"]


@pytest.mark.parametrize(
    ("fields", "unsure"),
    [
        ({}, False),
        ({"sure": False}, True),
        ({"sure": False, "corrected": True}, False),
        ({"kind": Kind.CHAT, "insisted": True}, True),
        ({"kind": Kind.CHAT, "insisted": True, "corrected": True}, False),
    ],
)
def test_the_card_admits_that_the_category_is_a_guess(fields: dict[str, Any], unsure: bool) -> None:
    """Unless the reporter chose it, an unsure category and one of a message read as no report are called a guess."""
    turn = FLOW.advance(Idle(), Examined(draft(**fields)))
    assert (WORDS.say("draft-unsure") in texts(turn)[0]) == unsure


def test_several_categories_are_all_shown() -> None:
    """One to three categories stand on the card; the clause is the main one's."""
    turn = FLOW.advance(Idle(), Examined(draft("投票还有填表和站岗")))
    assert "类别：投票类；站岗类；填表类" in texts(turn)[0]


# ---- buttons ----


def test_submitting_asks_for_the_draft_as_shown() -> None:
    """提交 stores exactly what the card shows."""
    for name in ("draft", "draft of two messages", "draft with one waiting"):
        step = STEPS[name]
        assert press(step, "choice-submit") == Turn(step, action=Submit(opened(step)))


def test_the_cards_buttons_hold_while_the_category_is_being_chosen() -> None:
    """The card itself is still true then, so its buttons work."""
    card = STEPS["draft"]
    choosing = press(card, "choice-category").step
    submit = offered_in(card)[0]
    assert FLOW.advance(choosing, Chose(submit.id)).action == Submit(opened(card))


def test_buttons_of_a_card_that_is_no_longer_true_are_stale() -> None:
    """After another category or region the older card cannot be submitted."""
    card = STEPS["draft"]
    chosen = press(press(card, "choice-category").step, "填表").step
    moved = FLOW.advance(card, Wrote("通州")).step
    linked = FLOW.advance(card, Commanded("start", "tongzhou")).step
    for later in (chosen, moved, linked):
        for choice in offered_in(card):
            assert texts(FLOW.advance(later, Chose(choice.id))) == [WORDS.say("stale-button")]


def test_a_button_pressed_twice_is_stale() -> None:
    """After 提交 or 取消 the same button only says that it was used."""
    for key, outcome in (("choice-submit", "submitted"), ("choice-drop", "dropped")):
        card = STEPS["draft"]
        step: Step = Idle()
        if outcome == "submitted":
            step = FLOW.advance(card, Submitted(opened(card), RECEIPT)).step
        else:
            step = press(card, key).step
        assert step == Idle()
        again = next(choice for choice in offered_in(card) if choice.label == WORDS.say(key))
        assert FLOW.advance(step, Chose(again.id)) == Turn(Idle(), (Outbound(text=WORDS.say("stale-button")),))


def test_supplementing_can_be_left_again() -> None:
    """补充 invites to write on, and offers the way back to the card and out of it."""
    turn = press(STEPS["draft"], "choice-more")
    assert texts(turn) == [WORDS.say("supplement-prompt")]
    assert labels(turn.replies[0]) == ["返回", "取消"]
    back = press(turn.step, "choice-back")
    assert labels(back.replies[0]) == ["提交", "改类别", "补充", "取消"]
    assert press(turn.step, "choice-drop").step == Idle()


def test_a_category_is_chosen_among_the_candidates() -> None:
    """The best three stand in plain words; the chosen one replaces all categories and is no guess any more."""
    question = press(STEPS["draft"], "choice-category")
    assert labels(question.replies[0]) == ["投票", "站岗", "填表", "更多类别", "返回"]
    assert "· 站岗：被要求站岗" in texts(question)[0]
    chosen = press(question.step, "填表")
    assert (opened(chosen.step).categories, opened(chosen.step).corrected) == (("forms",), True)


def test_a_category_is_chosen_by_its_group() -> None:
    """Every category can be reached over its group."""
    groups = press(press(STEPS["draft"], "choice-category").step, "choice-groups")
    assert labels(groups.replies[0]) == ["社会事务", "报表材料", "返回"]
    paper = press(groups.step, "报表材料")
    assert labels(paper.replies[0]) == ["填表", "打卡", "更多类别", "返回"]
    assert opened(press(paper.step, "打卡").step).categories == ("apps",)
    assert isinstance(press(paper.step, "choice-back").step, ShowingDraft)


@pytest.mark.parametrize("argument", ["", "nonsense", "social"])
@pytest.mark.parametrize("verb", ["pick", "group", "region", "split", "submit"])
def test_a_forged_button_does_no_harm(verb: str, argument: str) -> None:
    """Whatever a client sends with a true mark, no unknown id gets into the draft."""
    for step in STEPS.values():
        if isinstance(step, Idle):
            continue
        turn = FLOW.advance(step, Chose(f"{verb}.{step.draft.mark}.{argument}"))
        if (after := draft_of(turn.step)) is not None:
            assert set(after.categories) <= set(PACK.category_by_id)
            assert after.region in {None, "haidian", "chaoyang", "tongzhou"}


# ---- no report ----


@pytest.mark.parametrize("text", ["怎么办？", "谢谢你们", "工资太低了", CHAT])
def test_what_is_no_report_is_answered_and_can_still_be_submitted(text: str) -> None:
    """Each kind has its answer, with 仍作为反映提交; then the card shows the best guess as a guess."""
    seen = draft(text)
    turn = FLOW.advance(Idle(), Examined(seen))
    assert texts(turn)[0].startswith(WORDS.say(f"answer-{seen.kind.value}"))
    assert labels(turn.replies[0]) == ["仍作为反映提交"]
    card = press(turn.step, "choice-insist")
    assert isinstance(card.step, ShowingDraft)
    assert card.step.draft.categories == seen.candidates[:1]
    assert WORDS.say("draft-unsure") in texts(card)[0]
    chosen = press(press(card.step, "choice-category").step, "站岗")
    assert opened(chosen.step).categories == ("duty",)
    assert press(chosen.step, "choice-submit").action == Submit(opened(chosen.step))


def test_insisting_asks_for_the_region_first() -> None:
    """Without a region 仍作为反映提交 leads to the question, then to the card."""
    asked = press(reach(draft(CHAT, region=None)), "choice-insist")
    assert isinstance(asked.step, ChoosingRegion)
    assert isinstance(press(asked.step, "朝阳区").step, ShowingDraft)


def test_a_question_gets_the_nearest_rule() -> None:
    """A question is answered with the clause and the right of the best candidate."""
    (text,) = texts(FLOW.advance(Idle(), Examined(draft("能不能不填表？"))))
    assert "「填表类」" in text
    assert "不得要求教师填表。" in text
    assert "您可以不填表。" in text


# ---- beginning, cancelling, going on ----


@pytest.mark.parametrize("name", ["idle", "idle with a region", "no report"])
def test_a_link_brings_a_region(name: str) -> None:
    """The region of a link counts for the next report; without one the earlier stays; an unknown one is said."""
    step = STEPS[name]
    linked = FLOW.advance(step, Commanded("start", "chaoyang"))
    assert linked.step == Idle(region="chaoyang")
    assert texts(linked) == [WORDS.say("welcome"), WORDS.say("start-region", {"region": "朝阳区"})]
    before = step.region if isinstance(step, Idle) else opened(step).region
    assert FLOW.advance(step, Commanded("start")) == Turn(Idle(region=before), (Outbound(text=WORDS.say("welcome")),))
    unknown = FLOW.advance(step, Commanded("start", "nowhere"))
    assert (unknown.step, texts(unknown)[1]) == (Idle(region=before), WORDS.say("error-unknown-region"))


@pytest.mark.parametrize("name", ["draft", "draft of two messages", "draft with one waiting", "region", "category"])
def test_starting_again_shows_the_open_draft(name: str) -> None:
    """Nothing written is lost; the region of the link is taken over."""
    step = STEPS[name]
    turn = FLOW.advance(step, Commanded("start", "chaoyang"))
    assert isinstance(turn.step, ShowingDraft)
    assert opened(turn.step).region == "chaoyang"
    assert (opened(turn.step).pieces, opened(turn.step).waiting) == (opened(step).pieces, opened(step).waiting)
    assert texts(turn)[0] == WORDS.say("welcome")
    assert opened(FLOW.advance(step, Commanded("start")).step).region == opened(step).region
    assert opened(FLOW.advance(step, Commanded("start", "nowhere")).step).region == opened(step).region


@pytest.mark.parametrize("name", ["idle", "idle with a region", "no report"])
def test_where_nothing_is_open_nothing_can_be_cancelled(name: str) -> None:
    """/cancel says so and begins afresh."""
    assert FLOW.advance(STEPS[name], Commanded("cancel")) == Turn(
        Idle(), (Outbound(text=WORDS.say("nothing-to-cancel")),)
    )


@pytest.mark.parametrize("name", ["draft", "draft of two messages", "region", "category", "category of a group"])
def test_cancelling_forgets_the_draft(name: str) -> None:
    """/cancel and 取消 are the same wherever a draft is open."""
    turn = FLOW.advance(STEPS[name], Commanded("cancel"))
    assert turn == Turn(Idle(), (Outbound(text=WORDS.say("cancelled")),))
    drop = f"drop.{opened(STEPS[name]).mark}"
    assert FLOW.advance(STEPS[name], Chose(drop)) == turn


@pytest.mark.parametrize("name", ["draft with one waiting", "no report, one waiting"])
def test_what_waits_comes_next(name: str) -> None:
    """After submitting or cancelling, the waiting message is read as the next draft, in the same region."""
    step = STEPS[name]
    next_one = Examine(pieces=(Piece("还有站岗"),), region="haidian")
    for turn in (FLOW.advance(step, Commanded("cancel")), press(step, "choice-drop")):
        assert (turn.step, turn.action) == (Idle(region="haidian"), next_one)
    stored = replace(opened(step), categories=("voting",))
    assert FLOW.advance(step, Submitted(stored, RECEIPT)).action == next_one


def test_a_second_report_is_split_off() -> None:
    """另起一条 takes the last message off; several wait in the order they were split off."""
    step = STEPS["draft with one waiting"]
    (examine,) = [press(step, "choice-split").action]
    assert isinstance(examine, Examine)
    assert examine.draft is not None
    assert [piece.text for piece in examine.draft.pieces] == ["又让投票"]
    assert [piece.text for piece in examine.draft.waiting] == ["还有站岗", "还要填表"]
    assert examine.text == ""
    two = replace(draft("一"), waiting=(Piece("二"), Piece("三")))
    going_on = FLOW.advance(reach(replace(two, insisted=True)), Commanded("cancel"))
    assert going_on.action == Examine(pieces=(Piece("二"),), waiting=(Piece("三"),), region="haidian")


def test_one_message_cannot_be_split() -> None:
    """另起一条 is offered from the second message on, and does nothing before."""
    card = STEPS["draft"]
    assert "另起一条" not in [choice.label for choice in offered_in(card)]
    assert "另起一条" in [choice.label for choice in offered_in(STEPS["draft of two messages"])]
    assert texts(FLOW.advance(card, Chose(f"split.{opened(card).mark}"))) == [WORDS.say("stale-button")]


def test_the_receipt_may_be_doubled_and_says_the_right() -> None:
    """The receipt is the one message that may come twice; it names what may be refused."""
    (reply,) = FLOW.advance(STEPS["draft"], Submitted(opened(STEPS["draft"]), RECEIPT)).replies
    assert reply.repeat is Repeat.ALLOWED
    assert RECEIPT in reply.text
    assert "您可以不投票。" in reply.text
    assert all(said.repeat is Repeat.FORBIDDEN for said in press(STEPS["draft"], "choice-drop").replies)


def test_what_could_not_be_submitted_is_shown_again() -> None:
    """The reason comes with the card, whose buttons had been taken away."""
    card = STEPS["draft"]
    turn = FLOW.advance(card, NotSubmitted(opened(card), Answered("error-too-many-reports")))
    assert texts(turn)[0] == WORDS.say("error-too-many-reports")
    assert labels(turn.replies[1]) == ["提交", "改类别", "补充", "取消"]
    assert isinstance(turn.step, ShowingDraft)
