"""Builds every object once; starts and stops them in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from bot.channels.base import Channel
from bot.channels.server import Server, TelegramWebhook, application
from bot.channels.telegram import TelegramChannel
from bot.channels.terminal import TerminalChannel
from bot.conversation.acting import Acting, Services
from bot.conversation.cards import Cards
from bot.conversation.dialogue import Dialogue
from bot.conversation.privacy import PrivacyFacts, PrivacyText
from bot.conversation.reporter import Conversation
from bot.running import Service
from bot.services.delivering import Delivering
from bot.services.following_up import FollowingUp
from bot.services.receiving import Receiving
from bot.settings import Settings
from bot.store import Store, period_rules, reporting, subscribing
from bot.understanding import Understanding
from bot.weeks import Weeks, build_weeks
from bot.wording import Wording

Clock = Callable[[], datetime]

_MENU = ("start", "help", "status", "withdraw", "cancel", "privacy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where a chat in this terminal reads and writes."""

    descriptor: int | None
    output: TextIO
    echo: bool


def build_service(
    settings: Settings, store: Store, reader: Understanding, *, clock: Clock, terminal: Terminal
) -> Service:
    """Return the service with the configured channels, or with this terminal when none is configured."""
    channels: dict[str, Channel] = {}
    delivering = Delivering(store.database, store.outbox, channels, clock=clock)
    receiving = Receiving(store.database, store.inbox, parsers=channels, clock=clock, zone=settings.zone)
    weeks = build_weeks(settings, store, reader, delivering=delivering, clock=clock)

    async def idle() -> None:
        await receiving.idle()
        await delivering.send_due()
        await delivering.send_due()  # what came while a queue of the same person was under way

    if settings.telegram.token:
        channel: Channel = _telegram(settings, reader.wording)
    else:
        channel = TerminalChannel(
            descriptor=terminal.descriptor,
            output=terminal.output,
            echo=terminal.echo,
            wording=reader.wording,
            idle=idle,
        )
    channels[channel.name] = channel
    dialogue = _dialogue(settings, store, reader, delivering=delivering, channels=channels, clock=clock, weeks=weeks)
    receiving.handle_with(dialogue.handle)
    return Service(
        database=store.database,
        channels=channels,
        receiving=receiving,
        delivering=delivering,
        dialogue=dialogue,
        scheduling=weeks.scheduling,
        server=_server(settings, store, channels, receiving, clock) if settings.telegram.token else None,
        server_needed=settings.telegram.mode == "webhook",
        wording=reader.wording,
    )


def _dialogue(
    settings: Settings,
    store: Store,
    reader: Understanding,
    *,
    delivering: Delivering,
    channels: Mapping[str, Channel],
    clock: Clock,
    weeks: Weeks,
) -> Dialogue:
    rules = period_rules(settings)
    facts = PrivacyFacts(k=settings.release.k, block_weeks=settings.release.block_weeks, keep_days=rules.keep_days)
    cards = Cards(reader.wording, reader.pack, settings.tree)
    services = Services(
        examiner=reader.examiner(settings.limits.report_characters),
        reporting=reporting(settings, store, reader.pack),
        following_up=FollowingUp(reports=store.reports, slips=store.slips, releases=store.releases, rules=rules),
        subscribing=subscribing(settings, store),
        people=store.people,
        publications=weeks.counting,
        privacy=PrivacyText(reader.wording, facts),
        pack=reader.pack,
        tree=settings.tree,
        rules=rules,
        reports_per_day=settings.limits.reports_per_day,
        open_to_supervisors=settings.release.push_without_gate,
    )
    return Dialogue(
        database=store.database,
        inbox=store.inbox,
        drafts=store.drafts,
        delivering=delivering,
        conversation=Conversation(cards, settings.tree),
        acting=Acting(services, clock=clock),
        channels=channels,
        clock=clock,
        apology=cards.say("error-generic"),
        slow_down=cards.say("error-too-many"),
        messages_per_minute=settings.limits.messages_per_minute,
    )


def _telegram(settings: Settings, wording: Wording) -> TelegramChannel:
    telegram = settings.telegram
    menu = tuple((name, wording.say(f"menu-{name}")) for name in _MENU)
    token, secret = telegram.token, telegram.secret_token
    return TelegramChannel(
        token=token.get_secret_value() if token else "",
        per_second=settings.limits.telegram_per_second,
        per_chat_per_second=settings.limits.telegram_per_chat_per_second,
        menus={"": menu, "zh": menu},
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        proxy=telegram.proxy,
        mode=telegram.mode,
        webhook_url=telegram.webhook_url,
        secret_token=secret.get_secret_value() if secret else None,
    )


def _server(
    settings: Settings, store: Store, channels: Mapping[str, Channel], receiving: Receiving, clock: Clock
) -> Server:
    async def inbox_waiting() -> float:
        async with store.database.reading() as tx:
            return len(await store.inbox.waiting(tx))

    async def outbox_due() -> float:
        async with store.database.reading() as tx:
            return len(await store.outbox.due(tx, now=clock()))

    webhook = None
    secret = settings.telegram.secret_token
    if settings.telegram.mode == "webhook" and secret:
        webhook = TelegramWebhook(secret_token=secret.get_secret_value(), receive=receiving.receive)
    app = application(
        channels=tuple(channels.values()),
        measures={"jianfu_inbox_waiting": inbox_waiting, "jianfu_outbox_due": outbox_due},
        telegram=webhook,
    )
    return Server(app=app, host=settings.server.host, port=settings.server.port)
