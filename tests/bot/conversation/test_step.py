"""Steps are stored as they are, and nothing else is read as one."""

from __future__ import annotations

import json

import pytest

from bot.conversation.step import Idle, Step, decode, encode, is_open
from tests.bot.conversation.small_flow import STEPS


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_a_step_survives_being_stored(step: Step) -> None:
    """Draft, waiting messages and offered choices come back equal."""
    assert decode(encode(step)) == step


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b"{}",
        b'{"step": "Flying"}',
        b'{"step": "ShowingDraft"}',
        b'{"step": "Idle", "region": null, "more": 1}',
        b"\xff\xfe",
        # As the first version stored its drafts: pieces without a count, one text waiting.
        b'{"step": "NotAReport", "offered": [], "draft": {"token": "t", "pieces": ["a"], "waiting": "b"}}',
    ],
)
def test_what_is_no_step_is_refused(payload: bytes) -> None:
    """Whatever an older version stored or a disk made of it, there is one kind of refusal."""
    with pytest.raises(ValueError, match="unknown step"):
        decode(payload)


@pytest.mark.parametrize("missing", ["draft", "offered"])
@pytest.mark.parametrize("step", [step for step in STEPS.values() if not isinstance(step, Idle)])
def test_half_a_step_is_refused(step: Step, missing: str) -> None:
    """A step without its draft or its choices is none."""
    fields = json.loads(encode(step))
    del fields[missing]
    with pytest.raises(ValueError, match="unknown step"):
        decode(json.dumps(fields).encode())


def test_only_what_can_be_lost_is_open() -> None:
    """A mere answer is nothing that is being written, unless something waits behind it."""
    assert {name for name, step in STEPS.items() if not is_open(step)} == {"idle", "idle with a region", "no report"}
