"""What the bot shows: the draft, its questions and its answers, as words and choices."""

from __future__ import annotations

from bot.conversation.step import Draft
from bot.conversation.turn import Answered
from bot.wording import Wording
from domain.classification import Kind
from domain.message import Choice, Outbound
from domain.policy_pack import PolicyPack
from domain.region import RegionTree

Rows = tuple[tuple[Choice, ...], ...]


class Cards:
    """Puts sentences, clauses and choices together; decides nothing."""

    def __init__(self, wording: Wording, pack: PolicyPack, tree: RegionTree) -> None:
        self._wording = wording
        self._pack = pack
        self._tree = tree

    def say(self, key: str, **arguments: str | int) -> Outbound:
        """Return one sentence of the text files."""
        return Outbound(text=self._wording.say(key, arguments))

    def answer(self, answer: Answered) -> Outbound:
        """Return an action's answer."""
        text = answer.text or self._wording.say(answer.key, answer.arguments)
        return Outbound(text=text, file_name=answer.file_name, file=answer.file)

    def welcome(self) -> Outbound:
        """Return the first words, which say what is safe and what is not."""
        return self.say("welcome")

    def fits(self, draft: Draft) -> bool:
        """Whether a draft was read with this pack and names a region of this tree."""
        regions = {None, *(leaf.id for leaf in self._tree.leaves)}
        return draft.pack == self._pack.name and draft.region in regions

    def knows_category(self, category: str) -> bool:
        """Whether the pack has this category."""
        return category in self._pack.category_by_id

    def knows_group(self, group: str) -> bool:
        """Whether the pack has this group."""
        return group in self._pack.group_by_id

    # ---- the draft ----

    def draft(self, draft: Draft) -> Outbound:
        """Return the draft as it would be stored, with category, clause, region and what may be refused."""
        lines = [self._wording.say("draft-head"), draft.text, self._wording.say("draft-foot")]
        if draft.masked:
            lines.append(self._wording.say("draft-masked", {"count": draft.masked}))
        lines.append(self._wording.say("draft-category", {"names": self._names(draft.categories)}))
        lines.extend(self._clause_lines(draft.categories[0]))
        if draft.body is not None:
            lines.append(self._wording.say("draft-body", {"body": self._pack.body_names[draft.body.value]}))
        region = self._tree.by_id[draft.region].name if draft.region else ""
        key = "draft-region-several" if len(self._tree.leaves) > 1 else "draft-region"
        lines.append(self._wording.say(key, {"region": region}))
        if not draft.corrected and (not draft.sure or draft.kind is not Kind.REPORT):
            lines.append(self._wording.say("draft-unsure"))
        return Outbound(text="\n".join(lines), choices=self._draft_choices(draft))

    def _draft_choices(self, draft: Draft) -> Rows:
        first = (self._choice("submit", draft), self._choice("category", draft))
        second = (self._choice("more", draft), self._choice("drop", draft))
        if len(draft.pieces) > 1:
            return first, second, (self._choice("split", draft),)
        return first, second

    def _names(self, categories: tuple[str, ...]) -> str:
        return "；".join(self._pack.category_by_id[category].name for category in categories)

    def _clause_lines(self, category: str) -> list[str]:
        entry = self._pack.category_by_id[category]
        lines = []
        if entry.clauses:
            clause = self._pack.clause_by_id[entry.clauses[0]]
            lines.append(self._wording.say("draft-clause", {"place": clause.place, "text": clause.text}))
        lines.append(self._wording.say("draft-right", {"right": entry.right}))
        return lines

    def _choice(self, verb: str, draft: Draft, argument: str = "", label: str = "") -> Choice:
        id_ = f"{verb}.{draft.mark}" + (f".{argument}" if argument else "")
        return Choice(id_, label or self._wording.say(f"choice-{verb}"))

    def supplement(self, draft: Draft) -> Outbound:
        """Return the invitation to go on writing; the buttons of the draft are gone by then."""
        choices = ((self._choice("back", draft), self._choice("drop", draft)),)
        return Outbound(text=self._wording.say("supplement-prompt"), choices=choices)

    # ---- questions ----

    def region_question(self, draft: Draft) -> Outbound:
        """Return the question which region the draft is about."""
        leaves = [self._choice("region", draft, leaf.id, leaf.name) for leaf in self._tree.leaves]
        rows = _rows_of(leaves, 2)
        return Outbound(text=self._wording.say("ask-region"), choices=(*rows, (self._choice("drop", draft),)))

    def candidate_question(self, draft: Draft) -> Outbound:
        """Return the question for the category: the best candidates in plain words, and all others."""
        candidates = [self._pack.category_by_id[category] for category in draft.candidates[:3]]
        described = "\n".join(f"· {entry.short}：{entry.describes}" for entry in candidates)
        rows = tuple((self._choice("pick", draft, entry.id, entry.short),) for entry in candidates)
        last = (self._choice("groups", draft), self._choice("back", draft))
        return Outbound(text=self._wording.say("ask-category", {"described": described}), choices=(*rows, last))

    def group_question(self, draft: Draft) -> Outbound:
        """Return the question for the group of the category."""
        rows = tuple((self._choice("group", draft, group.id, group.name),) for group in self._pack.groups)
        return Outbound(text=self._wording.say("ask-group"), choices=(*rows, (self._choice("back", draft),)))

    def category_question(self, draft: Draft, group: str) -> Outbound:
        """Return the question for the category within a group, each described in plain words."""
        entries = self._pack.categories_of(group)
        described = "\n".join(f"· {entry.short}：{entry.describes}" for entry in entries)
        rows = _rows_of([self._choice("pick", draft, entry.id, entry.short) for entry in entries], 2)
        last = (self._choice("groups", draft), self._choice("back", draft))
        return Outbound(text=self._wording.say("ask-category", {"described": described}), choices=(*rows, last))

    # ---- answers ----

    def not_a_report(self, draft: Draft) -> Outbound:
        """Return the answer to a message that reports nothing; it can still be sent as a report."""
        lines = [self._wording.say(f"answer-{draft.kind.value}")]
        if draft.kind is Kind.QUESTION and draft.candidates:
            entry = self._pack.category_by_id[draft.candidates[0]]
            if entry.clauses:
                lines.append(self._wording.say("answer-nearest", {"name": entry.name}))
                lines.extend(self._clause_lines(entry.id))
        insist = self._choice("insist", draft)
        choices = (insist, self._choice("drop", draft)) if draft.waiting else (insist,)
        return Outbound(text="\n".join(lines), choices=(choices,))

    def receipt(self, draft: Draft, receipt: str) -> Outbound:
        """Return the receipt and what it is for."""
        right = self._pack.category_by_id[draft.categories[0]].right
        return Outbound(text=self._wording.say("receipt", {"receipt": receipt, "right": right}))


def _rows_of(choices: list[Choice], width: int) -> Rows:
    return tuple(tuple(choices[place : place + width]) for place in range(0, len(choices), width))
