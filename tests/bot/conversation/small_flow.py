"""The flow with the small pack, and every step as the flow itself reaches it."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.cards import Cards
from bot.conversation.reporter import Conversation
from bot.conversation.step import (
    Draft,
    Idle,
    Piece,
    Step,
    draft_of,
    offered_in,
)
from bot.conversation.turn import (
    Chose,
    Examined,
    Turn,
)
from bot.wording import Wording
from domain.message import Outbound
from domain.receipt import Receipt
from tests.bot.conversation.small_world import PACK, TREE, draft

RECEIPT = str(Receipt.issue(range(18)))
TYPO = RECEIPT.replace(RECEIPT[0], "Z", 1)
WORDS = Wording("zh-Hans")
CARDS = Cards(WORDS, PACK, TREE)
FLOW = Conversation(CARDS, TREE)
CHAT = "老师们好"


def steps() -> dict[str, Step]:
    """Return each step as the flow itself reaches it."""
    two = draft("又让投票", "还要填表")
    return {
        "idle": Idle(),
        "idle with a region": Idle(region="tongzhou"),
        "draft": reach(draft()),
        "draft of two messages": reach(two),
        "draft with one waiting": reach(replace(two, waiting=(Piece("还有站岗"),))),
        "region": reach(draft(region=None)),
        "category": press(reach(draft()), "choice-category").step,
        "category of a group": press(
            press(press(reach(draft()), "choice-category").step, "choice-groups").step, "社会事务"
        ).step,
        "no report": reach(draft(CHAT)),
        "no report, one waiting": reach(draft(CHAT, waiting=(Piece("还有站岗"),))),
    }


def reach(seen: Draft) -> Step:
    return FLOW.advance(Idle(), Examined(seen)).step


def press(step: Step, key: str) -> Turn:
    """Press the button with the label of this key, or with this label."""
    label = WORDS.say(key) if WORDS.has(key) else key
    return FLOW.advance(step, Chose(next(choice.id for choice in offered_in(step) if choice.label == label)))


def texts(turn: Turn) -> list[str]:
    return [reply.text for reply in turn.replies]


def labels(reply: Outbound) -> list[str]:
    return [choice.label for row in reply.choices for choice in row]


def opened(step: Step) -> Draft:
    found = draft_of(step)
    assert found is not None
    return found


STEPS = steps()
