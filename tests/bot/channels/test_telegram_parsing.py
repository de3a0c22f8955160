"""Telegram updates as what people did."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram_parsing import inbox_entry, parse_update
from bot.conversation.command_words import as_command
from domain.errors import InvalidEnvelopeError
from domain.message import Inbound, InboundKind

_PERSON = {"id": 5, "is_bot": False, "first_name": "T"}
_PRIVATE = {"id": 5, "type": "private"}
_GROUP = {"id": -100123, "type": "supergroup", "title": "G"}
_FILE = {"file_id": "f", "file_unique_id": "u"}


def _message(*, chat: Any = _PRIVATE, sender: Any = _PERSON, **fields: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1_790_000_000, "chat": chat, "from": sender, **fields}


def _parse(number: int = 77, **update: Any) -> Inbound | None:
    channel, key, payload = inbox_entry({"update_id": number, **update})
    assert channel == "telegram"
    return parse_update(key, payload)


def _seen(**update: Any) -> Inbound:
    inbound = _parse(**update)
    assert inbound is not None
    return inbound


def test_a_text_is_a_text() -> None:
    """Person, address, key and order come from the update."""
    assert _seen(message=_message(text="每天填三张表")) == Inbound(
        channel="telegram",
        key="77",
        person="telegram:5",
        address="5",
        order=77,
        kind=InboundKind.TEXT,
        text="每天填三张表",
    )


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/help", "help", ""),
        ("/Start haidian", "start", "haidian"),
        ("/status@Jianfu_Bot ABCDE-FGHJK", "status", "ABCDE-FGHJK"),
        ("/status\nABCDE", "status", "ABCDE"),
        ("/stats   上周  海淀 ", "stats", "上周  海淀"),
        ("/stats 帮助", "stats", "帮助"),
        ("/进度 ABCDE", "status", "ABCDE"),
        ("/", "", ""),
        ("/ help", "", "help"),
        ("//", "/", ""),
    ],
)
def test_a_slash_makes_a_command_as_the_conversation_reads_it(text: str, command: str, argument: str) -> None:
    """What is in `text` gives the conversation exactly this command and argument."""
    inbound = _seen(message=_message(text=text))
    assert inbound.kind is InboundKind.COMMAND
    read = as_command(inbound.text)
    assert read is not None
    assert (read.name, read.argument) == (command, argument)


def test_a_full_width_slash_stays_a_text() -> None:
    """The conversation itself reads typed commands of any width."""
    assert _seen(message=_message(text="／help")).kind is InboundKind.TEXT


@pytest.mark.parametrize(
    "fields",
    [
        {"photo": [{**_FILE, "width": 1, "height": 1}], "caption": "看图"},
        {"voice": {**_FILE, "duration": 3}, "caption": "看图"},
        {"video": {**_FILE, "duration": 3, "width": 1, "height": 1}, "caption": "看图"},
        {"document": {**_FILE, "file_name": "a.exe"}, "caption": "看图"},
        {"a_kind_of_the_future": {"x": 1}, "caption": "看图"},
    ],
)
def test_a_file_is_unsupported_and_its_caption_is_kept(fields: dict[str, Any]) -> None:
    """The caption is words of the person; the file is never fetched."""
    inbound = _seen(message=_message(**fields))
    assert (inbound.kind, inbound.text) == (InboundKind.UNSUPPORTED, "看图")


@pytest.mark.parametrize(
    "fields",
    [
        {
            "sticker": {
                **_FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False,
            }
        },
        {"location": {"latitude": 39.9, "longitude": 116.4}},
        {"contact": {"phone_number": "1", "first_name": "T"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {
            "poll": {
                "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
                "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                "members_only": False, "allows_revoting": False,
            }
        },
        {"video_note": {**_FILE, "duration": 3, "length": 1}},
    ],
)  # fmt: skip
def test_what_has_no_words_is_unsupported(fields: dict[str, Any]) -> None:
    """Stickers, places, contacts, dice and polls are declined."""
    inbound = _seen(message=_message(**fields))
    assert (inbound.kind, inbound.text) == (InboundKind.UNSUPPORTED, "")


def test_a_forwarded_text_is_a_text_and_says_so() -> None:
    """Forwarding is marked, and the origin is dropped."""
    origin = {"type": "hidden_user", "date": 1_790_000_000, "sender_user_name": "someone"}
    inbound = _seen(message=_message(text="转来的", forward_origin=origin))
    assert (inbound.kind, inbound.text, inbound.forwarded) == (InboundKind.TEXT, "转来的", True)


def test_an_edit_is_an_edit() -> None:
    """An edited text is told apart from a new one."""
    assert _seen(edited_message=_message(text="改", edit_date=1_790_000_001)).kind is InboundKind.EDITED


def test_a_moving_place_is_no_edit() -> None:
    """A live location changes every few seconds and is not answered each time."""
    assert _parse(edited_message=_message(location={"latitude": 1, "longitude": 2, "live_period": 60})) is None


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_another_chat_than_a_private_one_is_elsewhere(kind: str) -> None:
    """The answer would go to the group; its text is not taken."""
    inbound = _seen(message=_message(chat={"id": -7, "type": kind, "title": "G"}, text="大家好"))
    assert (inbound.kind, inbound.address, inbound.text) == (InboundKind.ELSEWHERE, "-7", "")


def test_a_press_is_a_choice_with_its_button() -> None:
    """The button names the press, the chat and the message."""
    query = {"id": "42", "from": _PERSON, "chat_instance": "1", "data": "submit.x", "message": _message(text="草稿")}
    inbound = _seen(callback_query=query)
    assert (inbound.kind, inbound.choice, inbound.button) == (InboundKind.CHOICE, "submit.x", "42:5:9")


def test_a_press_on_a_message_out_of_reach_is_a_choice() -> None:
    """Telegram hides messages that are too old, and may leave them out."""
    hidden = {"chat": _PRIVATE, "message_id": 9, "date": 0}
    query = {"id": "42", "from": _PERSON, "chat_instance": "1", "data": "submit.x"}
    assert _seen(callback_query={**query, "message": hidden}).button == "42:5:9"
    assert _seen(callback_query=query).button == "42::"


def test_a_press_in_a_group_is_elsewhere() -> None:
    """A forwarded keyboard does not open a conversation in a group."""
    query = {
        "id": "42", "from": _PERSON, "chat_instance": "1", "data": "x", "message": _message(chat=_GROUP, text="t"),
    }  # fmt: skip
    assert _seen(callback_query=query).kind is InboundKind.ELSEWHERE


def _membership(status: str, chat: Any = _PRIVATE) -> dict[str, Any]:
    me = {"id": 1, "is_bot": True, "first_name": "B"}
    member = {"status": status, "user": me} | ({"until_date": 0} if status == "kicked" else {})
    return {
        "chat": chat,
        "from": _PERSON,
        "date": 1_790_000_000,
        "old_chat_member": {"status": "member", "user": me},
        "new_chat_member": member,
    }


def test_blocking_is_seen_and_coming_back_is_not() -> None:
    """Only who closes the private chat is BLOCKED."""
    assert _seen(my_chat_member=_membership("kicked")).kind is InboundKind.BLOCKED
    assert _parse(my_chat_member=_membership("member")) is None
    assert _parse(my_chat_member=_membership("kicked", _GROUP)) is None


@pytest.mark.parametrize(
    "update",
    [
        {"message": _message(text="x", sender={"id": 6, "is_bot": True, "first_name": "B"})},
        {"message": _message(text="x", sender=None)},
        {"message": _message(pinned_message=_message(text="x"))},
        {"message": _message(message_auto_delete_timer_changed={"message_auto_delete_time": 60})},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -7, "type": "channel"}, "text": "x"}},
        {"edited_message": _message(chat=_GROUP, text="x")},
        {"a_kind_of_the_future": {}},
        {},
    ],
)
def test_what_nobody_waits_for_is_dropped(update: dict[str, Any]) -> None:
    """Bots, posts of nobody, messages of Telegram itself and kinds never asked for need no answer."""
    assert _parse(**update) is None


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"message_id": 1}},
        {"message": _message(text=12)},
        {"message": _message(text="x", sender={**_PERSON, "id": "5"})},
        {"message": _message(text="x", chat={"id": None, "type": "private"})},
        {"message": _message(text="x") | {"date": 10**30}},
        {"message": _message(text="x", entities=7)},
        {"message": "x"},
        {"callback_query": {"id": "42", "data": "x"}},
        {"my_chat_member": _membership("no status")},
    ],
)
def test_what_cannot_be_read_is_refused(update: dict[str, Any]) -> None:
    """An odd update raises the one error that puts it aside."""
    if "my_chat_member" in update:
        assert _parse(**update) is None  # the library keeps unknown statuses as words
        return
    with pytest.raises(InvalidEnvelopeError):
        _parse(**update)


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"{}", b'{"update_id":"7"}', b'{"update_id":true}']
)
def test_bytes_that_are_no_update_are_refused(payload: bytes) -> None:
    """Neither broken JSON nor a missing update_id gets through."""
    with pytest.raises(InvalidEnvelopeError):
        parse_update("1", payload)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["update_id", "message", "edited_message", "callback_query", "my_chat_member", "from", "chat", "id",
                 "type", "is_bot", "first_name", "message_id", "date", "text", "data", "chat_instance", "photo"]
            ),
            inner,
            max_size=8,
        )
    ),
    max_leaves=25,
)  # fmt: skip


@settings(deadline=None)  # a busy machine is no failure
@given(update=st.dictionaries(st.sampled_from(["update_id", "message", "callback_query"]), _JSON))
def test_any_update_is_read_dropped_or_refused(update: dict[str, Any]) -> None:
    """Whatever arrives, nothing but InvalidEnvelopeError comes out, and what is read can be written down."""
    _, key, payload = inbox_entry({"update_id": 1} | update)
    try:
        inbound = parse_update(key, payload)
    except InvalidEnvelopeError:
        return
    if inbound is not None:
        inbound.text.encode()


def test_an_entry_keeps_the_update_and_its_number() -> None:
    """The bytes give the update back, lone surrogates included; without a number the content makes the key."""
    update = {"update_id": 8, "message": {"text": "一\ud83d"}}
    channel, key, payload = inbox_entry(update)
    assert (channel, key, json.loads(payload)) == ("telegram", "8", update)
    odd = inbox_entry({"message": {}})
    assert odd == inbox_entry({"message": {}})
    assert odd[1] != inbox_entry({"message": 1})[1]


def test_a_lone_surrogate_does_not_reach_the_conversation() -> None:
    """Half a character becomes a replacement character."""
    assert _seen(message=_message(text="一\ud83d二")).text == "一\ufffd二"
