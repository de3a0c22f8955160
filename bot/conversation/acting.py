"""Carries out what a flow asks for, and brings the outcome back to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.conversation.pacing import Pace
from bot.conversation.privacy import PrivacyText
from bot.conversation.step import Draft, Piece
from bot.conversation.turn import (
    Action,
    Answered,
    Ask,
    Event,
    Examine,
    Examined,
    ExplainPrivacy,
    Help,
    Join,
    LookUp,
    NotSubmitted,
    ShowDigest,
    Submit,
    Submitted,
    Withdraw,
)
from bot.services.following_up import FollowingUp, Withdrawal
from bot.services.reporting import Examiner, PeriodRules, Reporting
from bot.services.subscribing import Subscribing
from domain.errors import AnswerableError, TooManyReportsError, UnknownRegionError
from domain.message import Inbound
from domain.policy_pack import PolicyPack
from domain.region import RegionTree
from domain.report import Report, ReportState
from domain.role import Role, Staff
from storage.database import Transaction
from storage.people import People


class Publications(Protocol):
    """What staff may see: views on released rows."""

    async def answer(self, tx: Transaction, question: str, *, now: datetime) -> str:
        """Return the answer to a question about released numbers; raises QueryError."""

    async def latest_digest(self, tx: Transaction, region: str) -> str | None:
        """Return the latest released digest of a region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the conversation can have done.

    `open_to_supervisors` says that released numbers may reach supervisors: not before the gate reviews them.
    """

    examiner: Examiner
    reporting: Reporting
    following_up: FollowingUp
    subscribing: Subscribing
    people: People
    publications: Publications
    privacy: PrivacyText
    pack: PolicyPack
    tree: RegionTree
    rules: PeriodRules
    reports_per_day: int
    open_to_supervisors: bool


class Acting:
    """Does what a turn asks for within the transaction of the message."""

    def __init__(self, services: Services, *, clock: Callable[[], datetime]) -> None:
        self._services = services
        self._clock = clock
        self._reports = Pace(most=services.reports_per_day, window=timedelta(days=1))

    def examine(self, action: Examine) -> Event:
        """Mask and read a text; needs no database."""
        try:
            return Examined(self._examined(action))
        except AnswerableError as error:
            return Answered(error.key, error.arguments)

    async def act(self, tx: Transaction, inbound: Inbound, action: Action) -> Event:
        """Return the outcome; what the person can put right comes back as an answer."""
        try:
            return await self._act(tx, inbound, action)
        except AnswerableError as error:
            answer = Answered(error.key, error.arguments)
            return NotSubmitted(action.draft, answer) if isinstance(action, Submit) else answer

    async def _act(self, tx: Transaction, inbound: Inbound, action: Action) -> Event:
        match action:
            case Examine():
                return self.examine(action)
            case Submit(draft):
                return await self._submitted(tx, inbound, draft)
            case LookUp(receipt):
                return await self._looked_up(tx, receipt)
            case Withdraw(receipt):
                done = await self._services.following_up.withdraw(tx, receipt, now=self._clock())
                return Answered(_WITHDRAWN[done])
            case Join(code):
                return await self._joined(tx, inbound, code)
            case Ask() | ShowDigest():
                return await self._published(tx, inbound, action)
            case ExplainPrivacy():
                staff = await self._services.people.find(tx, inbound.person)
                return Answered(text=self._services.privacy.on(inbound.channel, staff=staff is not None))
            case Help():
                staff = await self._services.people.find(tx, inbound.person)
                return Answered("help-staff" if staff else "help-reporter")

    # ---- reports ----

    def _examined(self, action: Examine) -> Draft:
        before, waiting = (action.pieces, action.waiting)
        if action.draft is not None:
            before, waiting = (action.draft.pieces, action.draft.waiting)
        pieces = before
        if action.text:
            kept = "\n".join(piece.text for piece in (*before, *waiting))
            pieces = (*before, Piece(*self._services.examiner.mask(action.text, before=kept)))
        text = "\n".join(piece.text for piece in pieces)
        reading = self._services.examiner.read(text)
        draft = Draft(
            token=secrets.token_urlsafe(6),
            pieces=pieces,
            kind=reading.kind,
            categories=tuple(label.category for label in reading.labels),
            candidates=reading.candidates,
            body=reading.body,
            sure=reading.sure,
            pack=reading.pack,
            region=action.region or self._region_in(text),
            insisted=bool(action.pieces),
            waiting=waiting,
        )
        return draft if action.draft is None else _carried_on(action.draft, draft)

    def _region_in(self, text: str) -> str | None:
        """Return the leaf whose name stands in the text, when it is the only one."""
        named = [leaf.id for leaf in self._services.tree.leaves if leaf.name in text]
        return named[0] if len(named) == 1 else None

    async def _submitted(self, tx: Transaction, inbound: Inbound, draft: Draft) -> Event:
        now = self._clock()
        if draft.region is None:
            raise UnknownRegionError
        if not self._reports.allows(inbound.person, now, once=inbound.key):
            raise TooManyReportsError
        report = Report(
            text=draft.text,
            region=draft.region,
            week=str(self._services.rules.week(now)),
            categories=draft.categories,
            body=draft.body,
            kind=draft.kind,
            pack=draft.pack,
            corrected=draft.corrected,
        )
        receipt, _ = await self._services.reporting.submit(tx, report, person=inbound.person, now=now)
        return Submitted(draft, str(receipt))

    async def _looked_up(self, tx: Transaction, typed: str) -> Event:
        standing = await self._services.following_up.standing(tx, typed)
        if standing.state is ReportState.WITHDRAWN or standing.report is None:
            return Answered("status-withdrawn")
        known = self._services.pack.category_by_id
        names = "；".join(known[category].name for category in standing.report.categories if category in known)
        return Answered("status-stored", {"names": names, "week": standing.report.week})

    # ---- staff ----

    async def _joined(self, tx: Transaction, inbound: Inbound, code: str) -> Event:
        if not code:
            return Answered("join-usage")
        staff = await self._services.subscribing.join(
            tx, code, channel=inbound.channel, person=inbound.person, address=inbound.address, now=self._clock()
        )
        key = "joined-administrator" if staff.role is Role.ADMINISTRATOR else "joined-supervisor"
        return Answered(key, {"region": self._services.tree.by_id[staff.region].name})

    async def _published(self, tx: Transaction, inbound: Inbound, action: Ask | ShowDigest) -> Event:
        staff: Staff | None = await self._services.people.find(tx, inbound.person)
        if staff is None:
            return Answered("staff-only")
        if staff.role is Role.SUPERVISOR and not self._services.open_to_supervisors:
            return Answered("not-open-yet")
        if isinstance(action, Ask):
            if not action.question:
                return Answered("stats-usage")
            text = await self._services.publications.answer(tx, action.question, now=self._clock())
            return Answered(text=text)
        digest = await self._services.publications.latest_digest(tx, staff.region)
        return Answered(text=digest) if digest else Answered("no-digest")


_WITHDRAWN = {
    Withdrawal.WHOLE: "withdrawn-whole",
    Withdrawal.TEXT: "withdrawn-text",
    Withdrawal.AGAIN: "status-withdrawn",
}


def _carried_on(before: Draft, now: Draft) -> Draft:
    """Return the draft as it reads now: what the person decided stays decided."""
    return replace(
        now,
        region=before.region or now.region,
        insisted=before.insisted,
        corrected=before.corrected,
        categories=before.categories if before.corrected or not now.categories else now.categories,
    )
