"""What the fake Bot API knows of one bot: people, chats, messages, waiting updates."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.bot_api_text import RefusedError, bad

Json = dict[str, Any]
LONGEST_POLL = 50
_DEFAULT_KINDS = frozenset({
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member",
    "chat_join_request",
})  # fmt: skip


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of `method` ("*": of any)."""

    method: str
    times: int = 1
    code: int = 0
    description: str = ""
    retry_after: int | None = None
    page: str = ""  # answered instead of JSON, like a gateway's page
    drop: str = ""  # "before" or "after" the call was carried out
    delay: float = 0.0  # the call is carried out at once, the answer comes late


@dataclass
class Webhook:
    """Where updates are delivered."""

    url: str = ""
    secret_token: str = ""
    last_error: str = ""
    last_error_at: int = 0


@dataclass
class BotState:
    """One bot, as the platform sees it."""

    token: str
    updates: list[Json] = field(default_factory=list)
    kinds: frozenset[str] = _DEFAULT_KINDS
    webhook: Webhook = field(default_factory=Webhook)
    chats: dict[int, Json] = field(default_factory=dict)
    people: dict[int, Json] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    presses: set[str] = field(default_factory=set)
    answered: list[str] = field(default_factory=list)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    calls: list[Json] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    next_update: int = 700_000_001
    next_press: int = 4_000_000_000_000_001
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _last_message: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    _poll: asyncio.Future[None] | None = None

    @property
    def id(self) -> int:
        """The bot's own id: the part of its token before the colon."""
        return int(self.token.partition(":")[0])

    @property
    def me(self) -> Json:
        """The bot as User."""
        return {"id": self.id, "is_bot": True, "first_name": "Jianfu", "username": f"jianfu_{self.id}_bot"}

    # ---- updates ----

    def enqueue(self, update: Json) -> Json | None:
        """Queue an update, unless the bot does not want its kind."""
        kind = next((key for key in update if key != "update_id"), "")
        if kind not in self.kinds and kind in _DEFAULT_KINDS:
            return None
        if "update_id" not in update:
            update = {"update_id": self.next_update, **update}
            self.next_update += 1
        self.updates.append(update)
        self.wake()
        return update

    def wake(self) -> None:
        """Tell the long poll and the webhook that something changed."""
        self.changed.set()
        self.changed = asyncio.Event()

    def confirm(self, offset: int) -> None:
        """Forget the updates below `offset`; a negative one keeps that many of the last."""
        if offset < 0:
            self.updates = self.updates[offset:]
        elif offset:
            self.updates = [update for update in self.updates if _number(update) >= offset]

    async def poll(self, *, offset: int, limit: int, seconds: int) -> list[Json]:
        """Return waiting updates, or wait for one; a second poll ends the first with 409."""
        if self.webhook.url:
            raise RefusedError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self.end_poll("other getUpdates request; make sure that only one bot instance is running")
        self.confirm(offset)
        deadline = time.monotonic() + min(max(seconds, 0), LONGEST_POLL)
        mine = self._poll = asyncio.get_running_loop().create_future()
        try:
            while not self.updates and (left := deadline - time.monotonic()) > 0:
                waiter = asyncio.ensure_future(self.changed.wait())
                await asyncio.wait((waiter, mine), timeout=left, return_when=asyncio.FIRST_COMPLETED)
                waiter.cancel()
                if mine.done():
                    mine.result()
                    break
            return self.updates[: min(max(limit, 1), 100)]
        finally:
            if self._poll is mine:
                self._poll = None

    def end_poll(self, by: str) -> None:
        """End the long poll under way with 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(RefusedError(409, f"Conflict: terminated by {by}"))

    def quit(self) -> None:
        """End the long poll under way with nothing."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    # ---- chats and messages ----

    def chat_of(self, chat_id: object) -> Json:
        """Return the chat a call names; raises the refusals of the Bot API."""
        try:
            number = int(str(chat_id))
        except ValueError:
            raise bad("chat not found") from None
        if number not in self.chats:
            raise bad("chat_id is empty" if chat_id in {None, ""} else "chat not found")
        if number in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return self.chats[number]

    def write(self, chat: Json, sender: Json, fields: Json) -> Json:
        """Keep one message in a chat and return it."""
        self._last_message[chat["id"]] += 1
        number = self._last_message[chat["id"]]
        message = {"message_id": number, "from": sender, "chat": chat, "date": int(time.time()), **fields}
        self.messages[chat["id"], number] = message
        return message

    def fault_for(self, method: str) -> Fault | None:
        """Return what goes wrong with this call, and use it up."""
        for fault in self.faults:
            if fault.method in {method, "*"} and fault.times > 0:
                fault.times -= 1
                return fault
        return None


def _number(update: Json) -> int:
    number = update.get("update_id")
    return number if isinstance(number, int) else 0
