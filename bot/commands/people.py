"""Commands about people: invite, people list, people revoke, deliveries."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.commands.console import CommandError, settings_of
from bot.settings import Settings
from bot.store import opened_store, subscribing
from domain.role import Role, Staff

RegionOption = Annotated[
    str | None, typer.Option("--region", help="The id of the region in [[regions]]; the whole tree without it.")
]


def register(cli: typer.Typer) -> None:
    """Add the commands of this family."""
    cli.command()(invite)
    cli.command()(deliveries)
    family = typer.Typer(help="List and remove the people who joined by invitation.", no_args_is_help=True)
    family.command("list")(list_people)
    family.command("revoke")(revoke)
    cli.add_typer(family, name="people")


def invite(
    context: typer.Context,
    role: Annotated[Role, typer.Argument(help="supervisor or administrator")],
    region: RegionOption = None,
) -> None:
    """Make a one-time invitation; the person sends it to the bot as /join CODE within 14 days."""
    code = asyncio.run(_invite(settings_of(context), role, region))
    typer.echo(f"/join {code}")


async def _invite(settings: Settings, role: Role, region: str | None) -> str:
    async with opened_store(settings) as store:
        return await subscribing(settings, store).invite(role, region, now=datetime.now(UTC))


def list_people(context: typer.Context) -> None:
    """List who joined: an id for `people revoke`, role, region and channel; never an account."""
    settings = settings_of(context)
    people = asyncio.run(_people(settings))
    if not people:
        typer.echo("Nobody has joined yet; make an invitation with: jianfu invite supervisor --region REGION")
    for person in people:
        typer.echo(f"{person.id}  {person.role.value:13}  {person.region:20}  {person.channel}")


async def _people(settings: Settings) -> list[Staff]:
    async with opened_store(settings) as store:
        return await subscribing(settings, store).people()


def revoke(
    context: typer.Context, person: Annotated[str, typer.Argument(help="the id that `jianfu people list` shows")]
) -> None:
    """Remove somebody: no more digests, no more commands."""
    if not asyncio.run(_revoke(settings_of(context), person)):
        raise CommandError(f"Nobody has the id {person}; see: jianfu people list")
    typer.echo("Removed.")


async def _revoke(settings: Settings, person: str) -> bool:
    async with opened_store(settings) as store:
        return await subscribing(settings, store).revoke(person)


def deliveries(context: typer.Context) -> None:
    """Count the digests by what became of them; `ambiguous` may have arrived and are not sent again."""
    for state, number in asyncio.run(_deliveries(settings_of(context))).items():
        typer.echo(f"{state:10} {number}")


async def _deliveries(settings: Settings) -> dict[str, int]:
    async with opened_store(settings) as store, store.database.reading() as tx:
        return await store.outbox.unsettled(tx)
