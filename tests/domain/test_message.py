"""Messages in and out refuse what no channel could carry or answer."""

from __future__ import annotations

from typing import Any

import pytest

from domain.message import Choice, Inbound, InboundKind, Outbound


def inbound(**fields: Any) -> Inbound:
    usual = {"channel": "telegram", "key": "1", "person": "telegram:7", "address": "7", "order": 1}
    return Inbound(**{**usual, "kind": InboundKind.TEXT, **fields})


@pytest.mark.parametrize("fields", [{"channel": ""}, {"key": ""}, {"person": "wecom:7"}, {"person": "telegram"}])
def test_an_event_nobody_could_tell_apart_is_refused(fields: dict[str, str]) -> None:
    """An event needs a channel, a key and a person of that channel."""
    with pytest.raises(ValueError, match="a channel, a key and a person"):
        inbound(**fields)


@pytest.mark.parametrize("fields", [{"id": ""}, {"id": "x" * 65}, {"id": "区" * 22}, {"label": ""}])
def test_a_choice_fits_a_button(fields: dict[str, str]) -> None:
    """An id takes 1 to 64 bytes, and there is something to read."""
    with pytest.raises(ValueError, match="1 to 64 bytes"):
        Choice(**{"id": "x" * 64, "label": "提交", **fields})


def test_an_empty_message_is_refused() -> None:
    """Something is said or sent, never nothing."""
    with pytest.raises(ValueError, match="text or a file"):
        Outbound(text=" \n")
    assert Outbound(text="", file=b"x", file_name="a.png").file_name == "a.png"
