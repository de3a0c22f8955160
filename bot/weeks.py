"""Builds the services of one week's way: release, digests, statistics, deletion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.rendering.chart_font import find_chart_font
from bot.rendering.digest_chart import chart_words, digest_chart
from bot.rendering.names import Names
from bot.services.announcing import Announcing
from bot.services.counting import Counting
from bot.services.delivering import Delivering
from bot.services.expiring import Expiring, Kept
from bot.services.importing import Importing
from bot.services.releasing import ReleaseRules, Releasing
from bot.services.scheduling import Scheduling
from bot.settings import Settings
from bot.store import Store, lattice, period_rules, reporting
from bot.understanding import Understanding
from domain.digest import Digest
from domain.period_words import SchoolTerm
from domain.policy_pack import PolicyPack

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Everything about closed weeks."""

    releasing: Releasing
    counting: Counting
    scheduling: Scheduling


def chart_of(digest: Digest, names: Names, reader: Understanding) -> bytes:
    """Return the chart of a digest as PNG; raises ConfigurationError when no font has Chinese characters."""
    font = find_chart_font(chart_words(digest, names, reader.wording))
    return digest_chart(digest, names, reader.wording, font)


def build_counting(settings: Settings, store: Store, reader: Understanding) -> Counting:
    """Return what answers from released rows."""
    return Counting(
        releases=store.releases,
        pack=reader.pack,
        tree=settings.tree,
        terms=[SchoolTerm(term.name, term.start, term.end) for term in settings.calendar.terms],
        wording=reader.wording,
        zone=settings.zone,
    )


def build_releasing(settings: Settings, store: Store, pack: PolicyPack, *, clock: Clock) -> Releasing:
    """Return what releases weeks."""
    fixed = lattice(settings, pack)
    rules = ReleaseRules(
        tree=fixed.tree,
        groups=fixed.groups,
        k=fixed.k,
        band=fixed.band,
        cap=fixed.cap,
        block_weeks=settings.release.block_weeks,
        weekday=settings.release.weekday,
        at=settings.release.time,
        zone=settings.zone,
    )
    return Releasing(
        store.database, releases=store.releases, slips=store.slips, keys=store.keys, rules=rules, clock=clock
    )


def build_weeks(
    settings: Settings, store: Store, reader: Understanding, *, delivering: Delivering, clock: Clock
) -> Weeks:
    """Return the services of one week's way, on one outbox."""
    counting = build_counting(settings, store, reader)
    releasing = build_releasing(settings, store, reader.pack, clock=clock)
    kept = Kept(
        inbox=store.inbox,
        drafts=store.drafts,
        outbox=store.outbox,
        reports=store.reports,
        slips=store.slips,
        imports=store.imports,
    )
    scheduling = Scheduling(
        store.database,
        releasing=releasing,
        announcing=Announcing(
            store.database,
            releases=store.releases,
            people=store.people,
            delivering=delivering,
            counting=counting,
            push_without_gate=settings.release.push_without_gate,
        ),
        expiring=Expiring(store.database, keys=store.keys, kept=kept, zone=settings.zone, clock=clock),
        people=store.people,
        delivering=delivering,
        wording=reader.wording,
    )
    return Weeks(releasing=releasing, counting=counting, scheduling=scheduling)


def build_importing(
    settings: Settings, store: Store, reader: Understanding, *, longest: int, clock: Clock
) -> Importing:
    """Return what takes letters in, of at most `longest` characters each."""
    return Importing(
        store.database,
        examiner=reader.examiner(longest),
        reporting=reporting(settings, store, reader.pack),
        releases=store.releases,
        imports=store.imports,
        pack=reader.pack,
        tree=settings.tree,
        rules=period_rules(settings),
        clock=clock,
    )
