"""(step, event) -> (next step, replies, action): the conversation with a reporter; pure."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.cards import Cards
from bot.conversation.step import (
    ChoosingCategory,
    ChoosingRegion,
    Draft,
    Idle,
    NotAReport,
    ShowingDraft,
    Step,
    draft_of,
    offered_in,
    with_offered,
)
from bot.conversation.turn import (
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
    ShowDigest,
    Submit,
    Submitted,
    Turn,
    Withdraw,
    Wrote,
)
from domain.classification import Kind
from domain.message import Outbound, Repeat
from domain.receipt import Receipt
from domain.region import RegionTree

_A_NAME_AT_MOST = 12  # longer texts are no name of a region but more of the report


class Conversation:
    """The flow of every conversation; holds no state of its own."""

    def __init__(self, cards: Cards, tree: RegionTree) -> None:
        self._cards = cards
        self._tree = tree

    def advance(self, step: Step, event: Event) -> Turn:
        """Return the next turn; the step remembers the choices last offered."""
        turn = self._turn(step, event)
        offered = [choice for reply in turn.replies for row in reply.choices for choice in row]
        if offered:
            return replace(turn, step=with_offered(turn.step, tuple(offered)))
        return turn

    def _turn(self, step: Step, event: Event) -> Turn:
        match event:
            case Wrote(text):
                return self._wrote(step, text)
            case Commanded():
                return self._commanded(step, event)
            case Chose(choice):
                return self._chose(step, choice)
            case Examined(draft):
                return self._shown(draft)
            case Submitted(draft, receipt):
                return self._submitted(draft, receipt)
            case Noticed(key):
                return Turn(step, (self._cards.say(key),))
            case Answered():
                return Turn(step, (self._cards.answer(event),))

    # ---- texts ----

    def _wrote(self, step: Step, text: str) -> Turn:
        if not text.strip():
            return Turn(step, (self._cards.say("empty-message"),))
        number = self._number(step, text)
        if number is not None:
            return self._chose(step, number)
        match step:
            case ChoosingRegion(draft=draft):
                return self._wrote_region(step, draft, text)
            case ShowingDraft(draft=draft) | ChoosingCategory(draft=draft):
                return Turn(step, action=Examine(text=text, draft=replace(draft, insisted=True)))
            case NotAReport(draft=draft):
                return Turn(step, action=self._fresh(text, draft.region))
            case Idle(region=region):
                return Turn(step, action=self._fresh(text, region))

    @staticmethod
    def _fresh(text: str, region: str | None) -> Examine | LookUp:
        try:
            Receipt.parse(text)
        except ValueError:
            return Examine(text=text, region=region)
        return LookUp(text)

    @staticmethod
    def _number(step: Step, text: str) -> str | None:
        digits = text.strip().rstrip(".。、")
        if not (digits.isdecimal() and len(digits) <= 2):
            return None
        offered = offered_in(step)
        place = int(digits) - 1
        return offered[place].id if 0 <= place < len(offered) else None

    def _wrote_region(self, step: Step, draft: Draft, text: str) -> Turn:
        found = self._tree.find(text)
        if len(found) == 1:
            return self._shown(replace(draft, region=found[0].id))
        if len(text) > _A_NAME_AT_MOST:
            return Turn(step, action=Examine(text=text, draft=draft))
        again = self._cards.region_question(draft)
        return Turn(step, (self._cards.say("error-unknown-region"), again))

    # ---- commands ----

    def _commanded(self, step: Step, command: Commanded) -> Turn:
        match command.name:
            case "start":
                return self._started(step, command.argument)
            case "cancel":
                return self._cancelled(step)
            case "help":
                return Turn(step, action=Help())
            case "privacy":
                return Turn(step, action=ExplainPrivacy())
            case "status" | "withdraw" if not command.argument:
                return Turn(step, (self._cards.say(f"{command.name}-usage"),))
            case "status":
                return Turn(step, action=LookUp(command.argument))
            case "withdraw":
                return Turn(step, action=Withdraw(command.argument))
            case "join":
                return Turn(step, action=Join(command.argument))
            case "stats":
                return Turn(step, action=Ask(command.argument))
            case "digest":
                return Turn(step, action=ShowDigest())
        return Turn(step, (self._cards.say("unknown-command"),))

    def _started(self, step: Step, payload: str) -> Turn:
        replies = [self._cards.welcome()]
        region = None
        if payload:
            found = self._tree.find(payload)
            region = found[0].id if len(found) == 1 else None
            key = "start-region" if region else "error-unknown-region"
            replies.append(self._cards.say(key, region=self._tree.by_id[region].name if region else ""))
        draft = draft_of(step)
        if draft is None or isinstance(step, NotAReport):
            return Turn(Idle(region=region), tuple(replies))
        shown = self._shown(replace(draft, region=draft.region or region))
        return replace(shown, replies=(*replies, *shown.replies))

    def _cancelled(self, step: Step) -> Turn:
        draft = draft_of(step)
        if draft is None or isinstance(step, NotAReport):
            return Turn(Idle(), (self._cards.say("nothing-to-cancel"),))
        return self._next_of(draft, self._cards.say("cancelled"))

    def _next_of(self, draft: Draft, reply: Outbound) -> Turn:
        """Go on with what waits behind this draft."""
        if not draft.waiting:
            return Turn(Idle(), (reply,))
        waiting = Examine(text=draft.waiting, region=draft.region, masked_already=True)
        return Turn(Idle(region=draft.region), (reply,), waiting)

    # ---- choices ----

    def _chose(self, step: Step, choice: str) -> Turn:
        verb, _, rest = choice.partition(".")
        token, _, argument = rest.partition(".")
        draft = draft_of(step)
        if draft is None or draft.token != token:
            return Turn(step, (self._cards.say("stale-button"),))
        match verb, step:
            case "submit", ShowingDraft():
                return Turn(step, action=Submit(draft))
            case "more", ShowingDraft():
                return Turn(step, (self._cards.say("supplement-prompt"),))
            case "drop", _:
                return self._cancelled(ShowingDraft(draft=draft))
            case "split", ShowingDraft() if len(draft.pieces) > 1:
                return Turn(step, action=self._split(draft))
            case "insist", NotAReport():
                return self._shown(replace(draft, insisted=True, categories=draft.candidates[:1]))
            case "region", ChoosingRegion() if argument in {leaf.id for leaf in self._tree.leaves}:
                return self._shown(replace(draft, region=argument))
            case "category" | "groups" | "group" | "pick" | "back", ShowingDraft() | ChoosingCategory():
                return self._recategorised(draft, verb, argument)
        return Turn(step, (self._cards.say("stale-button"),))

    @staticmethod
    def _split(draft: Draft) -> Examine:
        waiting = "\n".join(part for part in (draft.pieces[-1], draft.waiting) if part)
        return Examine(text="\n".join(draft.pieces[:-1]), region=draft.region, masked_already=True, waiting=waiting)

    def _recategorised(self, draft: Draft, verb: str, argument: str) -> Turn:
        if verb == "pick" and self._cards.knows_category(argument):
            return self._shown(replace(draft, categories=(argument,), corrected=True))
        if verb == "back":
            return self._shown(draft)
        if verb == "groups":
            question = self._cards.group_question(draft)
        elif verb == "group" and self._cards.knows_group(argument):
            question = self._cards.category_question(draft, argument)
        else:
            question = self._cards.candidate_question(draft)
        return Turn(ChoosingCategory(draft=draft), (question,))

    # ---- what actions bring ----

    def _shown(self, draft: Draft) -> Turn:
        if draft.kind is not Kind.REPORT and not draft.insisted:
            return Turn(NotAReport(draft=draft), (self._cards.not_a_report(draft),))
        if not draft.categories:
            draft = replace(draft, categories=draft.candidates[:1])
        if draft.region is None and len(self._tree.leaves) == 1:
            draft = replace(draft, region=self._tree.leaves[0].id)
        if draft.region is None:
            return Turn(ChoosingRegion(draft=draft), (self._cards.region_question(draft),))
        return Turn(ShowingDraft(draft=draft), (self._cards.draft(draft),))

    def _submitted(self, draft: Draft, receipt: str) -> Turn:
        reply = replace(self._cards.receipt(draft, receipt), repeat=Repeat.ALLOWED)
        return self._next_of(draft, reply)
