"""The error tree: every branch says something, and what a person can put right has its sentence in both languages."""

from __future__ import annotations

import inspect

import pytest

from bot.wording import LANGUAGES, Wording
from domain import errors
from domain.errors import AnswerableError, ChannelUnavailableError, ReportTooLongError, ServiceError

TREE = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ServiceError)]
ARGUMENTS: dict[str, str | int] = {"limit": 4000, "words": "什么"}


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_an_error_says_what_it_means(kind: type[ServiceError]) -> None:
    """Raised without words, an error carries the first line of its own docstring."""
    assert str(kind()) == inspect.cleandoc(kind.__dict__["__doc__"]).splitlines()[0]
    assert str(kind("Other words.")) == "Other words."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind", [kind for kind in TREE if issubclass(kind, AnswerableError)], ids=lambda kind: kind.__name__
)
def test_what_a_person_can_put_right_is_said_in_their_language(kind: type[AnswerableError], language: str) -> None:
    """The key of an answerable error is a sentence of the text files."""
    assert Wording(language).say(kind.key, ARGUMENTS)


def test_an_answer_carries_its_arguments() -> None:
    """The limit reaches the sentence."""
    error = ReportTooLongError(limit=4000)
    assert "4000" in Wording("zh-Hans").say(error.key, error.arguments)


def test_an_unreachable_platform_says_when_to_try_again() -> None:
    """The delay and whether the message may have arrived go with the error."""
    error = ChannelUnavailableError(delay=7, ambiguous=True)
    assert (error.delay, error.ambiguous) == (7, True)
