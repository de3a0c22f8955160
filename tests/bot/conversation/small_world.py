"""A small policy pack, three districts, a masker and a classifier that can be foretold, and everything behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.acting import Acting, Services
from bot.conversation.cards import Cards
from bot.conversation.dialogue import Dialogue
from bot.conversation.privacy import PrivacyFacts, PrivacyText
from bot.conversation.reporter import Conversation
from bot.conversation.step import Draft, Piece
from bot.services.delivering import Delivering
from bot.services.following_up import FollowingUp
from bot.services.receiving import Receiving
from bot.services.reporting import Examiner, PeriodRules, Reporting
from bot.services.subscribing import Subscribing
from bot.wording import Wording
from domain.classification import Body, Classification, Kind, Label
from domain.errors import MaskingRefusedError, QueryError
from domain.lattice import Lattice
from domain.masked_text import MaskedText, PersonalData, PersonalDataSpan
from domain.message import InboundKind, Outbound
from domain.policy_pack import Category, Clause, Document, Group, PolicyPack
from domain.receipt import Receipt, receipt_in
from domain.region import Region, RegionTree
from domain.report import Slip
from storage.database import Database, Transaction
from storage.drafts import Drafts
from storage.inbox import Inbox
from storage.keys import Keys
from storage.outbox import Outbox
from storage.people import People
from storage.releases import Releases
from storage.reports import Reports, StoredReport
from storage.slips import Slips
from tests.fakes.channel import FakeChannel, Update
from tests.fakes.clock import FakeClock

ZONE = ZoneInfo("Asia/Shanghai")
TREE = RegionTree(
    (
        Region(id="city", name="示范市"),
        Region(id="haidian", name="海淀区", parent="city"),
        Region(id="chaoyang", name="朝阳区", parent="city"),
        Region(id="tongzhou", name="通州区", parent="city"),
    )
)
ONE_REGION = RegionTree((Region(id="local", name="本地区"),))


def _category(id_: str, group: str, short: str) -> Category:
    return Category(
        id=id_,
        group=group,
        name=f"{short}类",
        short=short,
        describes=f"被要求{short}",
        right=f"您可以不{short}。",
        clauses=(f"plan-{id_}",),
        ledger_rows=(),
    )


PACK = PolicyPack(
    id="small",
    version="1",
    title="小方案",
    documents=(Document("plan", "小方案", "0" * 64, "……"),),
    clauses=tuple(
        Clause(f"plan-{id_}", "plan", f"方案 第{number}条", f"不得要求教师{short}。")
        for number, (id_, short) in enumerate(
            (("voting", "投票"), ("forms", "填表"), ("duty", "站岗"), ("apps", "打卡")), 1
        )
    ),
    groups=(Group("social", "社会事务"), Group("paper", "报表材料")),
    categories=(
        _category("voting", "social", "投票"),
        _category("duty", "social", "站岗"),
        _category("forms", "paper", "填表"),
        _category("apps", "paper", "打卡"),
    ),
    body_names={"police": "公安部门"},
)
LATTICE = Lattice(TREE, {category.id: category.group for category in PACK.categories}, 5, 5, 3)


class SmallMasker:
    """Masks numbers of eleven digits and 张某; refuses 遮不住."""

    def mask(self, text: str, *, placeholders_kept: bool = False) -> MaskedText:  # noqa: ARG002  the protocol's arguments
        """Return the masked text."""
        if "遮不住" in text:
            raise MaskingRefusedError
        found = list(re.finditer(r"\d{11}|张某", text))
        spans = tuple(PersonalDataSpan(*match.span(), PersonalData.PERSON) for match in found)
        return MaskedText(re.sub(r"\d{11}", "〔电话〕", text).replace("张某", "〔姓名〕"), spans)


class SmallClassifier:
    """Knows the short names of the categories; everything else is a question, praise, a complaint or chat."""

    def __init__(self, pack: PolicyPack = PACK) -> None:
        self._pack = pack

    def classify(self, text: str) -> Classification:
        """Return the reading."""
        found = [entry.id for entry in self._pack.categories if entry.short in text][:3]
        others = [entry.id for entry in self._pack.categories if entry.id not in found]
        marks = ((Kind.QUESTION, "？"), (Kind.PRAISE, "谢谢"), (Kind.COMPLAINT, "工资"))
        kind = next((kind for kind, mark in marks if mark in text), Kind.REPORT if found else Kind.CHAT)
        labels = tuple(Label(id_, 0.9 - place / 10, (), ()) for place, id_ in enumerate(found))
        return Classification(
            kind=kind,
            labels=labels if kind is Kind.REPORT else (),
            candidates=tuple(found + others),
            body=Body.POLICE if "派出所" in text else None,
            confidence=0.9,
            sure="大概" not in text,
            pack=self._pack.name,
        )


class SmallPublications:
    """Answers 上周 and has a digest of the city only."""

    async def answer(self, tx: Transaction, question: str, *, now: datetime) -> str:  # noqa: ARG002  the protocol's arguments
        """Return the answer."""
        if question != "上周":
            raise QueryError(words=question)
        return "上周：5–9 个账号"

    async def latest_digest(self, tx: Transaction, region: str) -> str | None:  # noqa: ARG002  the protocol's arguments
        """Return the digest."""
        return "全市周报" if region == "city" else None


def draft(*texts: str, **fields: Any) -> Draft:
    """Return a draft of these messages as the classifier above reads them."""
    pieces = tuple(Piece(text) for text in texts or ("又让投票",))
    reading = SmallClassifier().classify("\n".join(piece.text for piece in pieces))
    made = Draft(
        token="tokentok",
        pieces=pieces,
        kind=reading.kind,
        categories=tuple(label.category for label in reading.labels),
        candidates=reading.candidates,
        body=reading.body,
        sure=reading.sure,
        pack=reading.pack,
        region="haidian",
        version=1,
    )
    return replace(made, **fields)


@dataclass(kw_only=True)
class World:
    """The service behind one fake channel, on a real database."""

    database: Database
    keys: Keys
    clock: FakeClock
    tree: RegionTree = TREE
    pack: PolicyPack = PACK
    language: str = "zh-Hans"
    messages_per_minute: int = 1000
    reports_per_day: int = 20
    longest: int = 200
    open_to_supervisors: bool = True
    channel: FakeChannel = field(default_factory=FakeChannel)

    def __post_init__(self) -> None:
        """Build everything; a second world on the same database and channel is the service after a restart."""
        self.wording = Wording(self.language)
        self.releases, self.people = Releases(), People(self.keys)
        self.reports, self.slips = Reports(self.keys), Slips(self.keys)
        self.inbox, self.drafts = Inbox(self.keys), Drafts(self.keys, ZONE)
        self.outbox = Outbox(self.keys, ZONE)
        self.rules = PeriodRules(zone=ZONE, block_weeks=4, keep_days=365)
        channels = {self.channel.name: self.channel}
        self.delivering = Delivering(self.database, self.outbox, channels, clock=self.clock)
        self.receiving = Receiving(self.database, self.inbox, parsers=channels, clock=self.clock, zone=ZONE)
        self.subscribing = Subscribing(self.database, self.people, self.tree, self.outbox)
        self.cards = Cards(self.wording, self.pack, self.tree)
        services = Services(
            examiner=Examiner(SmallMasker(), SmallClassifier(self.pack), longest=self.longest),
            reporting=Reporting(
                reports=self.reports,
                slips=self.slips,
                releases=self.releases,
                lattice=replace(LATTICE, tree=self.tree),
                rules=self.rules,
            ),
            following_up=FollowingUp(reports=self.reports, slips=self.slips, releases=self.releases, rules=self.rules),
            subscribing=self.subscribing,
            people=self.people,
            publications=SmallPublications(),
            privacy=PrivacyText(self.wording, PrivacyFacts(k=5, block_weeks=4, keep_days=365)),
            pack=self.pack,
            tree=self.tree,
            rules=self.rules,
            reports_per_day=self.reports_per_day,
            open_to_supervisors=self.open_to_supervisors,
        )
        self.dialogue = Dialogue(
            database=self.database,
            inbox=self.inbox,
            drafts=self.drafts,
            delivering=self.delivering,
            conversation=Conversation(self.cards, self.tree),
            acting=Acting(services, clock=self.clock),
            channels=channels,
            clock=self.clock,
            apology=self.cards.say("error-generic"),
            slow_down=self.cards.say("error-too-many"),
            messages_per_minute=self.messages_per_minute,
        )
        self.receiving.handle_with(self.dialogue.handle)

    def restarted(self, **changes: Any) -> World:
        """Return the service after a kill, on the same database and platform."""
        same = {"database": self.database, "keys": self.keys, "clock": self.clock, "channel": self.channel}
        return World(**{**same, "tree": self.tree, "pack": self.pack, **changes})

    async def take(self, *updates: Update) -> None:
        """Receive updates, handle them and deliver the answers."""
        await self.receiving.receive(updates)
        await self.settle()

    async def settle(self) -> None:
        """Handle and deliver what waits."""
        await self.receiving.idle()
        await self.delivering.send_due()
        await self.dialogue.finish()

    async def write(self, text: str, person: int = 7) -> list[Outbound]:
        """Send a text; returns what came back."""
        return await self.back(self.channel.wrote(person, text), person)

    async def press(self, label: str, person: int = 7, *, times_ago: int = 0) -> list[Outbound]:
        """Press a button; returns what came back."""
        return await self.back(self.channel.pressed(person, label, times_ago=times_ago), person)

    async def do(self, kind: InboundKind, person: int = 7, **fields: str) -> list[Outbound]:
        """Do anything else; returns what came back."""
        return await self.back(self.channel.did(person, kind, **fields), person)

    async def back(self, update: Update, person: int) -> list[Outbound]:
        """Take one update; returns what came back to the person."""
        before = len(self.channel.to(person))
        await self.take(update)
        return self.channel.to(person)[before:]

    async def report(self, text: str = "又让投票", person: int = 7) -> Receipt:
        """Report something in 海淀区; returns the receipt."""
        await self.write("/start haidian", person)
        await self.write(text, person)
        (answer, *_) = await self.press(self.say("choice-submit"), person)
        receipt = receipt_in(answer.text)
        assert receipt is not None
        return receipt

    def say(self, key: str, **arguments: str | int) -> str:
        """Return a sentence."""
        return self.wording.say(key, arguments)

    async def stored(self) -> list[StoredReport]:
        """Return every report."""
        async with self.database.reading() as tx:
            return await self.reports.all(tx)

    async def counted(self, block: str = "2026-W37..W40") -> list[Slip]:
        """Return every slip of a block."""
        async with self.database.reading() as tx:
            return await self.slips.open_all(tx, block)
