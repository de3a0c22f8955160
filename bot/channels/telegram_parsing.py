"""Telegram updates -> what a person did."""

from __future__ import annotations

import hashlib
import json
import warnings
from typing import Any, Final

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType, MessageType
from telegram.error import TelegramError
from telegram.warnings import PTBUserWarning

from bot.channels.splitting import well_formed
from domain.errors import InvalidEnvelopeError
from domain.message import Inbound, InboundKind

NAME: Final = "telegram"

_UNREADABLE: Final = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    OSError,
    RecursionError,
    TelegramError,
)
# Messages that Telegram itself writes into a private chat: nobody waits for an answer.
_SERVICE: Final = (
    MessageType.PINNED_MESSAGE,
    MessageType.MESSAGE_AUTO_DELETE_TIMER_CHANGED,
    MessageType.WRITE_ACCESS_ALLOWED,
    MessageType.CONNECTED_WEBSITE,
    MessageType.CHAT_BACKGROUND_SET,
    MessageType.CHAT_SHARED,
    MessageType.USERS_SHARED,
    MessageType.FORUM_TOPIC_CREATED,
    MessageType.FORUM_TOPIC_EDITED,
    MessageType.FORUM_TOPIC_CLOSED,
    MessageType.FORUM_TOPIC_REOPENED,
    MessageType.NEW_CHAT_MEMBERS,
    MessageType.LEFT_CHAT_MEMBER,
    MessageType.GIFT,
    MessageType.UNIQUE_GIFT,
    MessageType.REFUNDED_PAYMENT,
    MessageType.PAID_MESSAGE_PRICE_CHANGED,
    MessageType.PROXIMITY_ALERT_TRIGGERED,
)


def update_number(update: object) -> int | None:
    """Return the update_id; None if there is none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def inbox_entry(update: object) -> tuple[str, str, bytes]:
    """Return (channel, key, bytes) of one update for the inbox; one without update_id is keyed by its content."""
    payload = json.dumps(update, separators=(",", ":")).encode()
    number = update_number(update)
    key = f"odd-{hashlib.sha256(payload).hexdigest()}" if number is None else str(number)
    return NAME, key, payload


def parse_update(key: str, payload: bytes) -> Inbound | None:
    """Return what a person did; None when there is nothing to answer.

    A COMMAND keeps `/name arguments` in `text`, so that it reads the same as a typed one.

    Raises:
        InvalidEnvelopeError: the library cannot read the update.
    """
    try:
        update = json.loads(payload)
        number = update_number(update)
        if number is None:
            raise InvalidEnvelopeError
        with warnings.catch_warnings():
            # The library warns of its own change of units when it reads certain service messages.
            warnings.simplefilter("ignore", PTBUserWarning)
            # It copies the fields it knows; a wrong type surfaces in `_event` at the latest.
            fields = _event(Update.de_json(update))
        return None if fields is None else Inbound(channel=NAME, key=key, order=number, **fields)
    except _UNREADABLE:
        raise InvalidEnvelopeError from None


def _event(update: Update) -> dict[str, Any] | None:
    if update.message is not None:
        return _message(update.message)
    if update.edited_message is not None:
        return _edited(update.edited_message)
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return None  # a kind we never asked for


def _message(message: Message) -> dict[str, Any] | None:
    place = _place(message.from_user, message.chat)
    if place is None or place.get("kind") is InboundKind.ELSEWHERE:
        return place
    place["forwarded"] = message.forward_origin is not None
    if message.text is not None:
        return place | _text(well_formed(message.text))
    if any(getattr(message, field) for field in _SERVICE):
        return None
    return place | {"kind": InboundKind.UNSUPPORTED, "text": well_formed(message.caption or "")}


def _text(text: str) -> dict[str, Any]:
    if not text.startswith("/"):
        return {"kind": InboundKind.TEXT, "text": text}
    words = text[1:].split(maxsplit=1)
    named = bool(words) and not text[1].isspace()
    command = words[0].partition("@")[0].lower() if named else ""
    argument = " ".join(words[1:] if named else words).strip()
    return {"kind": InboundKind.COMMAND, "command": command, "text": f"/{command} {argument}".rstrip()}


def _edited(message: Message) -> dict[str, Any] | None:
    place = _place(message.from_user, message.chat)
    if place is None or place.get("kind") is InboundKind.ELSEWHERE:
        return None  # a group hears that we answer in private only once, from its new messages
    words = message.text or message.caption
    # A live location "edits" its message every few seconds: only words are answered.
    return place | {"kind": InboundKind.EDITED, "text": well_formed(words)} if words else None


def _press(query: CallbackQuery) -> dict[str, Any] | None:
    message = query.message
    place = _place(query.from_user, message.chat if message else None)
    if place is None or place.get("kind") is InboundKind.ELSEWHERE:
        return place
    button = f"{query.id}:{message.chat.id}:{message.message_id}" if message else f"{query.id}::"
    return place | {"kind": InboundKind.CHOICE, "choice": well_formed(query.data or ""), "button": button}


def _membership(change: ChatMemberUpdated) -> dict[str, Any] | None:
    place = _place(change.from_user, change.chat)
    left = change.new_chat_member.status in {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}
    if place is None or place.get("kind") is InboundKind.ELSEWHERE or not left:
        return None
    return place | {"kind": InboundKind.BLOCKED}


def _place(person: User | None, chat: Chat | None) -> dict[str, Any] | None:
    """Return who and where; None for bots and for messages of nobody."""
    if person is None or person.is_bot:
        return None
    address = person.id if chat is None else chat.id
    if type(person.id) is not int or type(address) is not int:
        raise InvalidEnvelopeError
    place = {"person": f"{NAME}:{person.id}", "address": str(address)}
    if chat is not None and chat.type != ChatType.PRIVATE:
        return place | {"kind": InboundKind.ELSEWHERE}
    return place
