"""An invented city of eight districts with a small policy pack, and the services of a week on a real database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.announcing import Announcing
from bot.services.counting import Counting
from bot.services.delivering import Delivering, Sender
from bot.services.expiring import Expiring, Kept
from bot.services.releasing import Gate, ReleaseRules, Releasing
from bot.services.reporting import PeriodRules, Reporting
from bot.services.scheduling import Scheduling
from bot.wording import Wording
from domain.classification import Body, Kind
from domain.lattice import Lattice, Node
from domain.period_words import SchoolTerm
from domain.policy_pack import Category, Clause, Document, Group, PolicyPack
from domain.receipt import Receipt
from domain.region import Region, RegionTree
from domain.release import Release, make_release
from domain.report import Report, Source
from domain.role import Role
from domain.week import Week
from storage.database import Database
from storage.drafts import Drafts
from storage.imports import Imports
from storage.inbox import Inbox
from storage.keys import Keys
from storage.outbox import Outbox
from storage.people import People
from storage.releases import Releases
from storage.reports import Reports
from storage.slips import Slips
from tests.fakes.clock import FakeClock

ZONE = ZoneInfo("Asia/Shanghai")
TREE = RegionTree(
    (
        Region(id="city", name="京州市"),
        Region(id="haidian", name="海淀区", parent="city"),
        Region(id="chaoyang", name="朝阳区", parent="city"),
        Region(id="xicheng", name="西城区", parent="city"),
        Region(id="dongcheng", name="东城区", parent="city"),
        Region(id="fengtai", name="丰台区", parent="city"),
        Region(id="tongzhou", name="通州区", parent="city"),
        Region(id="fangshan", name="房山区", parent="city"),
        Region(id="yanqing", name="延庆区", parent="city", fold_into="fangshan"),
    )
)
_CATEGORIES = (
    ("forced_app_voting", "social_affairs", "强制关注、点赞投票", "投票点赞", "plan-2.7", ("集赞", "刷票")),
    ("street_duty", "social_affairs", "上街执勤和摊派志愿服务", "站马路", "plan-2.2", ("执勤", "文明劝导")),
    ("special_campaign", "social_affairs", "专项任务摊派", "专项任务", "plan-2.1", ("防溺水",)),
    ("exam_duty", "social_affairs", "社会考试考务摊派", "社会考试", "ledger-9", ("监考",)),
    ("duplicate_forms", "forms", "表格和数据重复、多头填报", "重复填表", "plan-3.1", ("填表", "台账")),
    ("material_writing", "forms", "撰写、报送各类材料", "写材料", "plan-3.4", ("总结", "台账")),
)
PACK = PolicyPack(
    id="invented",
    version="1",
    title="示例政策包",
    documents=(Document("plan", "方案", "0" * 64, "……"),),
    clauses=tuple(
        Clause(clause, "plan", f"方案 {clause}", f"不得{short}。") for _, _, _, short, clause, _ in _CATEGORIES
    ),
    groups=(Group("social_affairs", "社会事务进校园"), Group("forms", "报表填写")),
    categories=tuple(
        Category(id_, group, name, short, f"{short}的事", f"可以拒绝{short}。", (clause,), (), keywords)
        for id_, group, name, short, clause, keywords in _CATEGORIES
    ),
    body_names={"education": "教育部门", "school": "学校", "police": "公安部门", "statistics": "统计部门"},
)
GROUPS = {category.id: category.group for category in PACK.categories}
LATTICE = Lattice(TREE, GROUPS, 5, 5, 3)
TERMS = (SchoolTerm("2026秋季学期", date(2026, 8, 31), date(2027, 1, 22)),)
RULES = ReleaseRules(tree=TREE, groups=GROUPS, k=5, band=5, cap=3, block_weeks=4, weekday=2, at=time(8), zone=ZONE)
W40 = Week(2026, 40)  # the week of the fake clock; the last of the block 2026-W37..W40


def release_of(
    period: str,
    bands: Mapping[Node, int],
    *,
    source: Source = Source.CHAT,
    gated: bool = True,
    lattice: Lattice = LATTICE,
) -> Release:
    """Return a release that shows these numbers of accounts."""
    return replace(make_release(bands, lattice, period=period, source=source), gated=gated)


def report(
    region: str = "haidian",
    categories: Iterable[str] = ("street_duty",),
    *,
    week: Week = W40,
    source: Source = Source.CHAT,
    body: Body | None = None,
) -> Report:
    """Return a report of this region and these categories."""
    return Report(
        text="又站马路",
        region=region,
        week=str(week),
        categories=tuple(categories),
        body=body,
        kind=Kind.REPORT,
        pack=PACK.name,
        source=source,
    )


@dataclass
class City:
    """The services of one process on one database; a second one on the same database is a second process."""

    database: Database
    keys: Keys
    clock: FakeClock
    rules: ReleaseRules = RULES
    gate: Gate | None = None
    push_without_gate: bool = False
    language: str = "zh-Hans"

    def __post_init__(self) -> None:
        """Build everything once."""
        self.releases = Releases()
        self.slips = Slips(self.keys)
        self.reports = Reports(self.keys)
        self.people = People(self.keys)
        self.outbox = Outbox(self.keys, ZONE)
        self.inbox = Inbox(self.keys)
        self.drafts = Drafts(self.keys, ZONE)
        self.imports = Imports(self.keys)
        self.wording = Wording(self.language)
        self.period_rules = PeriodRules(zone=ZONE, block_weeks=self.rules.block_weeks, keep_days=365)
        self.reporting = Reporting(
            reports=self.reports,
            slips=self.slips,
            releases=self.releases,
            lattice=self.rules.lattice(at_least=0),
            rules=self.period_rules,
        )
        self.releasing = Releasing(
            self.database,
            releases=self.releases,
            slips=self.slips,
            keys=self.keys,
            rules=self.rules,
            clock=self.clock,
            gate=self.gate,
        )
        self.counting = Counting(
            releases=self.releases, pack=PACK, tree=self.rules.tree, terms=TERMS, wording=self.wording, zone=ZONE
        )
        senders: dict[str, Sender] = {}
        self.delivering = Delivering(self.database, self.outbox, senders, clock=self.clock)
        self.announcing = Announcing(
            self.database,
            releases=self.releases,
            people=self.people,
            delivering=self.delivering,
            counting=self.counting,
            push_without_gate=self.push_without_gate,
        )
        kept = Kept(
            inbox=self.inbox,
            drafts=self.drafts,
            outbox=self.outbox,
            reports=self.reports,
            slips=self.slips,
            imports=self.imports,
        )
        self.expiring = Expiring(self.database, keys=self.keys, kept=kept, zone=ZONE, clock=self.clock)
        self.scheduling = Scheduling(
            self.database,
            releasing=self.releasing,
            announcing=self.announcing,
            expiring=self.expiring,
            people=self.people,
            delivering=self.delivering,
            wording=self.wording,
            tick_seconds=0.01,
        )

    async def submit(self, person: str, wanted: Report | None = None, **changes: object) -> tuple[Receipt, Report]:
        """Store a report of this person in the week of the clock."""
        now = self.clock()
        text = wanted or report(week=self.period_rules.week(now), **changes)  # type: ignore[arg-type]
        async with self.database.transaction() as tx:
            return await self.reporting.submit(tx, text, person=f"telegram:{person}", now=now)

    async def submit_many(self, count: int, *, start: int = 0, **changes: object) -> None:
        """Store one report each of this many people."""
        for number in range(start, start + count):
            await self.submit(str(number), None, **changes)

    async def publish(self, *releases: Release) -> None:
        """Publish releases as they are."""
        for release in releases:
            async with self.database.transaction() as tx:
                await self.releases.publish(tx, release)

    async def published(self, week: Week, source: Source = Source.CHAT) -> Release | None:
        """Return the release of a week."""
        async with self.database.reading() as tx:
            return await self.releases.get(tx, str(week), source)

    async def shown(self, week: Week, source: Source = Source.CHAT) -> dict[tuple[str, str], tuple[int, int]]:
        """Return the bands of a released week by region and category or body."""
        release = await self.published(week, source)
        assert release is not None
        return {(row.region, row.category or row.body or ""): (row.low, row.high) for row in release.rows}

    async def join(self, name: str, role: Role, region: str = "haidian") -> None:
        """Make somebody staff."""
        now = self.clock()
        async with self.database.transaction() as tx:
            await self.people.invite(tx, code=name, role=role, region=region, expires=now + timedelta(days=1))
            staff = await self.people.join(
                tx, code=name, channel="telegram", person=f"telegram:{name}", address=name, now=now
            )
        assert staff is not None

    async def waiting(self) -> list[tuple[str, str]]:
        """Return address and payload of what is in the outbox, in order."""
        async with self.database.reading() as tx:
            due = await self.outbox.due(tx, now=self.clock())
        return [(delivery.address, delivery.payload.decode()) for delivery in due]

    def release_time(self, week: Week = W40) -> None:
        """Move the clock to the moment from which a week is released."""
        self.clock.now = self.rules.moment(week).astimezone(UTC)


def at(text: str) -> datetime:
    """Return a local time such as 2026-10-06 08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
