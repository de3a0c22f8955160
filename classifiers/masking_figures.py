"""Labelled messages -> figures about masking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.masked_text import MaskedText, PersonalData

STRUCTURED = (
    PersonalData.PHONE,
    PersonalData.ID_CARD,
    PersonalData.EMAIL,
    PersonalData.WECHAT,
    PersonalData.BANK_CARD,
    PersonalData.PLATE,
    PersonalData.EMPLOYEE_NO,
    PersonalData.URL_WITH_ID,
)
PERSONS = (PersonalData.PERSON,)
PLACES = (PersonalData.SCHOOL, PersonalData.CLASS, PersonalData.ADDRESS)


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """A message and the spans (start, end, type) that must be masked."""

    id: str
    text: str
    spans: tuple[tuple[int, int, PersonalData], ...]
    writer: str = ""

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> LabelledMessage:
        """Read one labelled line; each span is looked for behind the one before it.

        Raises:
            ValueError: a span does not stand in the text, or its type is unknown.
        """
        text, position, spans = str(row["text"]), 0, []
        for span in row.get("spans", ()):
            start = text.find(span["text"], position)
            if start < 0 or not span["text"]:
                raise ValueError(f"A span of message {row['id']} does not stand in its text, in this order.")
            position = start + len(span["text"])
            spans.append((start, position, PersonalData(span["type"])))
        return cls(str(row["id"]), text, tuple(spans), str(row.get("writer", "")))


@dataclass(frozen=True, slots=True)
class Recall:
    """How many spans there are and how many of them were masked whole."""

    spans: int
    covered: int

    @property
    def share(self) -> float:
        """The covered share; 1 when there is nothing to cover."""
        return self.covered / self.spans if self.spans else 1.0


@dataclass(frozen=True, slots=True)
class Miss:
    """A span that was not masked whole."""

    message: str
    type: PersonalData
    text: str


@dataclass(frozen=True, slots=True)
class MaskingFigures:
    """What masking reaches on labelled messages; shares lie between 0 and 1."""

    messages: int
    by_type: Mapping[PersonalData, Recall]
    masked_outside: int
    outside: int
    untouched: int
    impersonal: int
    refused: int
    misses: tuple[Miss, ...]

    def pooled(self, types: Sequence[PersonalData]) -> Recall:
        """Return the recall over several types together."""
        chosen = [self.by_type[one] for one in types if one in self.by_type]
        return Recall(sum(one.spans for one in chosen), sum(one.covered for one in chosen))

    @property
    def structured(self) -> Recall:
        """Recall of numbers, accounts and links."""
        return self.pooled(STRUCTURED)

    @property
    def persons(self) -> Recall:
        """Recall of names of persons."""
        return self.pooled(PERSONS)

    @property
    def places(self) -> Recall:
        """Recall of schools, classes and addresses."""
        return self.pooled(PLACES)

    @property
    def outside_share(self) -> float:
        """Share of the characters outside all spans that were masked all the same."""
        return self.masked_outside / self.outside if self.outside else 0.0

    @property
    def untouched_share(self) -> float:
        """Share of the messages without personal data that came out unchanged."""
        return self.untouched / self.impersonal if self.impersonal else 1.0


def measure(messages: Iterable[LabelledMessage], mask: Callable[[str], MaskedText | None]) -> MaskingFigures:
    """Mask each message and compare; `mask` returns None where it refuses (nothing leaks, nothing is kept).

    A span counts when it is covered whole, whatever type the finding has.
    """
    spans, covered, count = Counter[PersonalData](), Counter[PersonalData](), Counter[str]()
    misses: list[Miss] = []
    for message in messages:
        masked = mask(message.text)
        count["messages"] += 1
        count["refused"] += masked is None
        hidden = _hidden(message.text, masked)
        for start, end, kind in message.spans:
            spans[kind] += 1
            if all(hidden[start:end]):
                covered[kind] += 1
            else:
                misses.append(Miss(message.id, kind, message.text[start:end]))
        outside = _outside(message)
        count["outside"] += len(outside)
        count["masked"] += sum(hidden[position] for position in outside) if masked else 0
        if not message.spans:
            count["impersonal"] += 1
            count["untouched"] += masked is not None and masked.text == message.text
    return MaskingFigures(
        messages=count["messages"],
        by_type={kind: Recall(spans[kind], covered[kind]) for kind in PersonalData if spans[kind]},
        masked_outside=count["masked"],
        outside=count["outside"],
        untouched=count["untouched"],
        impersonal=count["impersonal"],
        refused=count["refused"],
        misses=tuple(misses),
    )


def _hidden(text: str, masked: MaskedText | None) -> list[bool]:
    """Return for each character whether it is masked; a refused text shows nothing."""
    if masked is None:
        return [True] * len(text)
    hidden = [False] * len(text)
    for span in masked.spans:
        hidden[span.start : span.end] = [True] * (span.end - span.start)
    return hidden


def _outside(message: LabelledMessage) -> list[int]:
    inside = {position for start, end, _ in message.spans for position in range(start, end)}
    return [position for position in range(len(message.text)) if position not in inside]
