"""What people do in the fake: write, press, edit, block; and what a test asks about it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from tests.fakes.bot_api_state import BotState, Fault, Json
from tests.fakes.bot_api_text import units

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]+)?")


def _person(bot: BotState, number: int) -> Json:
    made = {"id": number, "is_bot": False, "first_name": "Teacher", "language_code": "zh-hans"}
    return bot.people.setdefault(number, made)


def _chat(bot: BotState, number: int, given: Json | None) -> Json:
    chat = given or {"id": number, "type": "private", "first_name": "Teacher"}
    return bot.chats.setdefault(chat["id"], chat)


def _say(bot: BotState, given: Json) -> Json | None:
    """Write a message with any fields (`text`, `sticker`, …) into the private chat, or into `chat`."""
    fields = dict(given.get("fields", {}))
    if command := _COMMAND.match(fields.get("text", "")):
        fields.setdefault("entities", [{"type": "bot_command", "offset": 0, "length": units(command[0])}])
    sender = _person(bot, given["person"])
    message = bot.write(_chat(bot, given["person"], given.get("chat")), sender, fields)
    return bot.enqueue({"message": message})


def _press(bot: BotState, given: Json) -> Json | None:
    """Press the button with this callback_data or label on a message of the bot."""
    person = _person(bot, given["person"])
    message = bot.messages[given.get("chat") or given["person"], given["message_id"]]
    buttons = [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
    wanted = given["button"]
    data = [button["callback_data"] for button in buttons if wanted in {button["callback_data"], button["text"]}]
    if not data and not given.get("stale"):
        raise LookupError(f"there is no button {wanted}")
    press = str(bot.next_press)
    bot.next_press += 1
    bot.presses.add(press)
    return bot.enqueue(
        {
            "callback_query": {
                "id": press,
                "from": person,
                "message": message,
                "chat_instance": "-3040506070809",
                "data": data[0] if data else wanted,
            }
        }
    )


def _edit(bot: BotState, given: Json) -> Json | None:
    key = given["person"], given["message_id"]
    message = bot.messages[key] | {"text": given["text"], "edit_date": int(time.time())}
    bot.messages[key] = message
    return bot.enqueue({"edited_message": message})


def _membership(bot: BotState, number: int, *, blocked: bool) -> Json | None:
    chat = _chat(bot, number, None)
    (bot.blocked.add if blocked else bot.blocked.discard)(number)
    member: Json = {"status": "member", "user": bot.me}
    gone: Json = {"status": "kicked", "user": bot.me, "until_date": 0}
    return bot.enqueue(
        {
            "my_chat_member": {
                "chat": chat,
                "from": _person(bot, number),
                "date": int(time.time()),
                "old_chat_member": member if blocked else gone,
                "new_chat_member": gone if blocked else member,
            }
        }
    )


def _fail(bot: BotState, given: Json) -> bool:
    bot.faults.append(Fault(**given))
    return True


def _expire_presses(bot: BotState, _: Json) -> bool:
    bot.presses.clear()
    return True


def _sent_to(bot: BotState, given: Json) -> list[Json]:
    mine = ((chat, message) for (chat, _), message in sorted(bot.messages.items()) if message["from"]["id"] == bot.id)
    return [message for chat, message in mine if chat == given["chat"]]


_ACTIONS: dict[str, Callable[[BotState, Json], Any]] = {
    "say": _say,
    "press": _press,
    "edit": _edit,
    "block": lambda bot, given: _membership(bot, given["person"], blocked=True),
    "unblock": lambda bot, given: _membership(bot, given["person"], blocked=False),
    "update": lambda bot, given: bot.enqueue(given["update"]),
    "fail": _fail,
    "expire_presses": _expire_presses,
    "sent_to": _sent_to,
    "sent": lambda bot, _: [message for message in bot.messages.values() if message["from"]["id"] == bot.id],
    "file": lambda bot, given: bot.files[given["file_id"]].hex(),
    "calls": lambda bot, given: [entry for entry in bot.calls if given["method"] in {None, entry["method"]}],
    "waiting": lambda bot, _: bot.updates,
    "answered": lambda bot, _: bot.answered,
    "webhook": lambda bot, _: {"url": bot.webhook.url, "last_error": bot.webhook.last_error},
}


def control(bot: BotState, action: str, given: Json) -> Any:
    """Carry out one control call; raises LookupError for what does not exist."""
    return _ACTIONS[action](bot, given)
