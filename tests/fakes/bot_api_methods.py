"""The methods a bot calls, with the limits and refusals of the Bot API."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.fakes.bot_api_state import BotState, Json, Webhook
from tests.fakes.bot_api_text import RefusedError, bad, parsed, units

Files = dict[str, tuple[str, bytes]]  # field -> (name, content)

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_ACTIONS = {"typing", "upload_photo", "upload_document", "record_voice", "choose_sticker", "find_location"}


def _structure(parameters: Json, name: str) -> Any:
    """Return a parameter that may come as JSON text."""
    value = parameters.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None


def _number(parameters: Json, name: str, default: int) -> int:
    try:
        return int(parameters.get(name, default))
    except (TypeError, ValueError):
        return default


def _yes(parameters: Json, name: str) -> bool:
    return str(parameters.get(name, "")).lower() in {"true", "1"}


def _want(bot: BotState, parameters: Json) -> None:
    kinds = _structure(parameters, "allowed_updates")
    if kinds is not None:
        bot.kinds = frozenset(kinds) or BotState(token=bot.token).kinds


# ---- receiving ----


async def _get_updates(bot: BotState, parameters: Json) -> list[Json]:
    _want(bot, parameters)
    return await bot.poll(
        offset=_number(parameters, "offset", 0),
        limit=_number(parameters, "limit", 100),
        seconds=_number(parameters, "timeout", 0),
    )


def _set_webhook(bot: BotState, parameters: Json) -> bool:
    url = str(parameters.get("url", ""))
    if not url:
        return _drop_webhook(bot, parameters)
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    secret = str(parameters.get("secret_token", ""))
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    _want(bot, parameters)
    bot.webhook = Webhook(url=url, secret_token=secret)
    bot.end_poll("setWebhook request")
    if _yes(parameters, "drop_pending_updates"):
        bot.updates.clear()
    bot.wake()
    return True


def _drop_webhook(bot: BotState, parameters: Json) -> bool:
    bot.webhook = Webhook()
    if _yes(parameters, "drop_pending_updates"):
        bot.updates.clear()
    bot.wake()
    return True


def _webhook_state(bot: BotState) -> Json:
    state: Json = {
        "url": bot.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates),
        "allowed_updates": sorted(bot.kinds),
    }
    if bot.webhook.last_error:
        state |= {"last_error_message": bot.webhook.last_error, "last_error_date": bot.webhook.last_error_at}
    return state


def _set_commands(bot: BotState, parameters: Json) -> bool:
    commands = _structure(parameters, "commands") or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[str(parameters.get("language_code", ""))] = commands
    return True


# ---- sending ----


def _keyboard(parameters: Json) -> Json:
    markup = _structure(parameters, "reply_markup")
    if not markup:
        return {}
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
    return {"reply_markup": markup} if markup.get("inline_keyboard") else {}


def _text(parameters: Json) -> Json:
    text, entities = parsed(str(parameters.get("text", "")), str(parameters.get("parse_mode", "")))
    if not text:
        raise bad("message text is empty")
    if units(text) > 4096:
        raise bad("message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def _send_message(bot: BotState, parameters: Json) -> Json:
    chat = bot.chat_of(parameters.get("chat_id"))
    return bot.write(chat, bot.me, _text(parameters) | _keyboard(parameters))


def _send_file(bot: BotState, parameters: Json, files: Files, kind: str) -> Json:
    chat = bot.chat_of(parameters.get("chat_id"))
    caption, entities = parsed(str(parameters.get("caption", "")), str(parameters.get("parse_mode", "")))
    if units(caption) > 1024:
        raise bad("message caption is too long")
    named = str(parameters.get(kind, "")).removeprefix("attach://")
    if kind not in files and named not in files:
        raise bad(f"there is no {kind} in the request")
    name, content = files.get(kind) or files[named]
    if not content:
        raise bad("file must be non-empty")
    if kind == "photo" and not content.startswith((b"\x89PNG", b"\xff\xd8")):
        raise bad("IMAGE_PROCESS_FAILED")
    file_id = f"file-{len(bot.files) + 1}"
    bot.files[file_id] = content
    file: Json = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}
    body: Json = (
        {"photo": [file | {"width": 90, "height": 90}]} if kind == "photo" else {"document": file | {"file_name": name}}
    )
    if caption:
        body |= {"caption": caption, **({"caption_entities": entities} if entities else {})}
    return bot.write(chat, bot.me, body | _keyboard(parameters))


def _answer_press(bot: BotState, parameters: Json) -> bool:
    press = str(parameters.get("callback_query_id", ""))
    if press not in bot.presses:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    bot.answered.append(press)
    return True


def _edit(bot: BotState, parameters: Json, *, text: bool) -> Json:
    chat = bot.chat_of(parameters.get("chat_id"))
    message = bot.messages.get((chat["id"], _number(parameters, "message_id", 0)))
    if message is None:
        raise bad("message to edit not found")
    if message["from"]["id"] != bot.id:
        raise bad("message can't be edited")
    kept = {key: value for key, value in message.items() if key not in {"reply_markup", "edit_date"}}
    if text:
        kept.pop("entities", None)
        kept |= _text(parameters)
    new = kept | _keyboard(parameters)
    if new == {key: value for key, value in message.items() if key != "edit_date"}:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    bot.messages[chat["id"], message["message_id"]] = new | {"edit_date": int(time.time())}
    return bot.messages[chat["id"], message["message_id"]]


def _chat_action(bot: BotState, parameters: Json) -> bool:
    bot.chat_of(parameters.get("chat_id"))
    if parameters.get("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def _delete(bot: BotState, parameters: Json) -> bool:
    chat = bot.chat_of(parameters.get("chat_id"))
    if bot.messages.pop((chat["id"], _number(parameters, "message_id", 0)), None) is None:
        raise bad("message to delete not found")
    return True


_METHODS: dict[str, Callable[[BotState, Json], Any]] = {
    "getme": lambda bot, _: bot.me,
    "setwebhook": _set_webhook,
    "deletewebhook": _drop_webhook,
    "getwebhookinfo": lambda bot, _: _webhook_state(bot),
    "setmycommands": _set_commands,
    "getmycommands": lambda bot, parameters: bot.commands.get(str(parameters.get("language_code", "")), []),
    "sendmessage": _send_message,
    "answercallbackquery": _answer_press,
    "editmessagereplymarkup": lambda bot, parameters: _edit(bot, parameters, text=False),
    "editmessagetext": lambda bot, parameters: _edit(bot, parameters, text=True),
    "sendchataction": _chat_action,
    "deletemessage": _delete,
}


async def call(bot: BotState, method: str, parameters: Json, files: Files) -> Any:
    """Carry out one call; raises RefusedError."""
    name = method.lower()
    if name == "getupdates":
        return await _get_updates(bot, parameters)
    if name in {"senddocument", "sendphoto"}:
        return _send_file(bot, parameters, files, name.removeprefix("send"))
    if name not in _METHODS:
        raise RefusedError(404, "Not Found")
    return _METHODS[name](bot, parameters)
