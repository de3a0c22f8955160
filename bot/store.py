"""The open database with its keys and collections, and the services that need nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.services.reporting import PeriodRules, Reporting
from bot.services.subscribing import Subscribing
from bot.settings import Settings
from domain.errors import ConfigurationError
from domain.lattice import Lattice
from domain.policy_pack import PolicyPack
from storage.database import SQLITE, Database
from storage.drafts import Drafts
from storage.imports import Imports
from storage.inbox import Inbox
from storage.key_binding import bind_keys
from storage.keys import Keys
from storage.lease import Lease
from storage.migrating import check_schema, migrate
from storage.outbox import Outbox
from storage.people import People
from storage.releases import Releases
from storage.reports import Reports
from storage.slips import Slips


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The open database with its keys and one object a collection."""

    database: Database
    revision: str
    keys: Keys
    inbox: Inbox
    drafts: Drafts
    outbox: Outbox
    reports: Reports
    slips: Slips
    people: People
    releases: Releases
    imports: Imports


@asynccontextmanager
async def opened_store(settings: Settings, *, upgrade: bool = False, alone: bool = False) -> AsyncIterator[Store]:
    """Open database and keys; on SQLite the schema is always brought up to date, on PostgreSQL with `upgrade`.

    `alone` takes the lease: one process polls, holds sockets and releases.

    Raises:
        StorageError: one sentence says what is wrong with the database, its schema or the keys.
        ConfigurationError: another process holds the lease.
    """
    keys = Keys.open(settings.keys.dir)
    database = await Database.open(settings.database_url)
    lease: Lease | None = None
    try:
        if alone:
            lease = await Lease.acquire(database)
            if lease is None:
                raise ConfigurationError("Another jianfu is running on this database; stop it first.")
        revision = ""
        if upgrade or database.dialect == SQLITE:
            revision = await migrate(database)
        else:
            await check_schema(database)
        async with database.transaction() as tx:
            await bind_keys(tx, keys)
        yield _store(database, keys, settings, revision)
    finally:
        if lease is not None:
            await lease.release()
        await database.close()


def _store(database: Database, keys: Keys, settings: Settings, revision: str) -> Store:
    return Store(
        database=database,
        revision=revision,
        keys=keys,
        inbox=Inbox(keys),
        drafts=Drafts(keys, settings.zone),
        outbox=Outbox(keys, settings.zone),
        reports=Reports(keys),
        slips=Slips(keys),
        people=People(keys),
        releases=Releases(),
        imports=Imports(keys),
    )


def subscribing(settings: Settings, store: Store) -> Subscribing:
    """Return what invites and removes people."""
    return Subscribing(store.database, store.people, settings.tree, store.outbox)


def period_rules(settings: Settings) -> PeriodRules:
    """Return what decides weeks, blocks and keep-by months."""
    return PeriodRules(zone=settings.zone, block_weeks=settings.release.block_weeks, keep_days=settings.retention.days)


def lattice(settings: Settings, pack: PolicyPack) -> Lattice:
    """Return the lattice of the configuration."""
    return Lattice(
        tree=settings.tree,
        groups={category.id: category.group for category in pack.categories},
        k=settings.release.k,
        band=settings.release.band_width,
        cap=settings.release.cap,
    )


def reporting(settings: Settings, store: Store, pack: PolicyPack) -> Reporting:
    """Return what stores reports."""
    return Reporting(
        reports=store.reports,
        slips=store.slips,
        releases=store.releases,
        lattice=lattice(settings, pack),
        rules=period_rules(settings),
    )
