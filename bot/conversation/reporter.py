"""(step, event) -> (next step, replies, action): the conversation with a reporter; pure."""

from __future__ import annotations

import unicodedata
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
    is_open,
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
from domain.receipt import receipt_in, resembles_receipt
from domain.region import RegionTree

_A_NAME_AT_MOST = 12  # longer texts are no name of a region but more of the report
_A_NAME_AT_LEAST = 2  # of a region that nobody asked for
_A_COPY_AT_MOST = 200  # longer texts are no copy of the receipt's message but a report that names one


class Conversation:
    """The flow of every conversation; holds no state of its own."""

    def __init__(self, cards: Cards, tree: RegionTree) -> None:
        self._cards = cards
        self._tree = tree
        self._leaves = frozenset(leaf.id for leaf in tree.leaves)

    def advance(self, step: Step, event: Event) -> Turn:
        """Return the next turn; the step remembers the choices last offered."""
        turn = self._turn(self._up_to_date(step), event)
        offered = [choice for reply in turn.replies for row in reply.choices for choice in row]
        if not offered:
            return turn
        # A card is sent again when nobody knows whether it arrived: without it the person would wait for nothing.
        replies = tuple(replace(one, repeat=Repeat.ALLOWED) if one.choices else one for one in turn.replies)
        return replace(turn, step=with_offered(turn.step, tuple(offered)), replies=replies)

    def _up_to_date(self, step: Step) -> Step:
        """Return the step without what another policy pack or another tree of regions had put into its draft."""
        draft = draft_of(step)
        if isinstance(step, Idle) or draft is None or self._cards.fits(draft):
            return step
        region = draft.region if draft.region in self._leaves else None
        return replace(step, draft=replace(draft, categories=(), candidates=(), corrected=False, region=region))

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
            case NotSubmitted(draft, answer):
                shown = self._shown(draft)
                return replace(shown, replies=(self._cards.answer(answer), *shown.replies))
            case Noticed(key):
                return Turn(step, (self._cards.say(key),))
            case Answered():
                return Turn(step, (self._cards.answer(event),))

    # ---- texts ----

    def _wrote(self, step: Step, text: str) -> Turn:
        if not _visible(text):
            return Turn(step, (self._cards.say("empty-message"),))
        number = _number(text)
        if number is not None:
            return self._numbered(step, number)
        if resembles_receipt(text) or (len(text) <= _A_COPY_AT_MOST and receipt_in(text)):
            return Turn(step, action=LookUp(text))
        match step:
            case ChoosingRegion(draft=draft):
                return self._wrote_region(step, draft, text)
            case ShowingDraft(draft=draft) | ChoosingCategory(draft=draft):
                return self._wrote_more(step, draft, text)
            case NotAReport(draft=draft):
                return Turn(step, action=Examine(text=text, region=draft.region, waiting=draft.waiting))
            case Idle(region=region):
                return Turn(step, action=Examine(text=text, region=region))

    def _numbered(self, step: Step, number: int) -> Turn:
        """Take the choice of this number; a number that stands for nothing is never a report."""
        offered = offered_in(step)
        if 1 <= number <= len(offered):
            return self._chose(step, offered[number - 1].id)
        if offered:
            return Turn(step, (self._cards.say("number-unknown", most=len(offered)),))
        return Turn(step, (self._cards.say("number-nothing"),))

    def _wrote_region(self, step: Step, draft: Draft, text: str) -> Turn:
        found = self._tree.find(text)
        if len(found) == 1:
            return self._shown(replace(draft, region=found[0].id))
        if len(text) > _A_NAME_AT_MOST:
            return self._appended(step, draft, text)
        again = self._cards.region_question(draft)
        return Turn(step, (self._cards.say("error-unknown-region"), again))

    def _wrote_more(self, step: Step, draft: Draft, text: str) -> Turn:
        """Add to the draft; a bare name of a region corrects the region."""
        if len(self._leaves) > 1 and len(text.strip()) >= _A_NAME_AT_LEAST:
            found = self._tree.find(text)
            if len(found) == 1:
                return self._shown(replace(draft, region=found[0].id))
        return self._appended(step, draft, text)

    @staticmethod
    def _appended(step: Step, draft: Draft, text: str) -> Turn:
        return Turn(step, action=Examine(text=text, draft=replace(draft, insisted=True)))

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
        draft = draft_of(step)
        region = step.region if isinstance(step, Idle) else step.draft.region
        if payload:
            found = self._tree.find(payload)
            if len(found) == 1:
                region = found[0].id
                replies.append(self._cards.say("start-region", region=found[0].name))
            else:
                replies.append(self._cards.say("error-unknown-region"))
        if draft is None or not is_open(step):
            return Turn(Idle(region=region), tuple(replies))
        shown = self._shown(replace(draft, region=region))
        return replace(shown, replies=(*replies, *shown.replies))

    def _cancelled(self, step: Step) -> Turn:
        draft = draft_of(step)
        if draft is None or not is_open(step):
            return Turn(Idle(), (self._cards.say("nothing-to-cancel"),))
        return self._next_of(draft, self._cards.say("cancelled"))

    @staticmethod
    def _next_of(draft: Draft, reply: Outbound) -> Turn:
        """Go on with what waits behind this draft."""
        if not draft.waiting:
            return Turn(Idle(), (reply,))
        first, *others = draft.waiting
        waiting = Examine(pieces=(first,), region=draft.region, waiting=tuple(others))
        return Turn(Idle(region=draft.region), (reply,), waiting)

    # ---- choices ----

    def _chose(self, step: Step, choice: str) -> Turn:
        verb, _, rest = choice.partition(".")
        mark, _, argument = rest.partition(".")
        draft = draft_of(step)
        if draft is None or draft.mark != mark:
            return Turn(step, (self._cards.say("stale-button"),))
        if not draft.candidates and verb not in ("drop", "insist"):
            return self._shown(draft)
        match verb, step:
            case "submit", ShowingDraft() | ChoosingCategory():
                return Turn(step, action=Submit(draft))
            case "more", ShowingDraft() | ChoosingCategory():
                return Turn(ShowingDraft(draft=draft), (self._cards.supplement(draft),))
            case "drop", _:
                return self._cancelled(ShowingDraft(draft=draft))
            case "split", ShowingDraft() | ChoosingCategory() if len(draft.pieces) > 1:
                return Turn(step, action=Examine(draft=_split(draft)))
            case "insist", NotAReport():
                return self._shown(replace(draft, insisted=True, categories=draft.candidates[:1]))
            case "region", ChoosingRegion() if argument in self._leaves:
                return self._shown(replace(draft, region=argument))
            case "category" | "groups" | "group" | "pick" | "back", ShowingDraft() | ChoosingCategory():
                return self._recategorised(draft, verb, argument)
        return Turn(step, (self._cards.say("stale-button"),))

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
        """Show the draft, or ask what is missing; buttons of anything shown before are stale from now on."""
        if not draft.candidates:
            return Turn(ShowingDraft(draft=draft), (self._cards.say("draft-renewed"),), Examine(draft=draft))
        draft = replace(draft, version=draft.version + 1)
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


def _visible(text: str) -> bool:
    """Whether a text has any character that can be seen."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


def _number(text: str) -> int | None:
    """Return the number a text is, such as 1, 2. or ③; None for a longer one."""
    digits = unicodedata.normalize("NFKC", text).strip().rstrip(".。、)")
    return int(digits) if digits.isdecimal() and len(digits) <= 2 else None


def _split(draft: Draft) -> Draft:
    """Return the draft without its last message, which waits."""
    return replace(draft, pieces=draft.pieces[:-1], waiting=(*draft.waiting, draft.pieces[-1]))
