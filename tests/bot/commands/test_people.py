"""invite, people list, people revoke, deliveries."""

from __future__ import annotations

import asyncio
import os
import re
from datetime import UTC, datetime

from bot.settings import load_settings
from bot.store import opened_store, subscribing
from domain.role import Staff
from tests.bot.commands.conftest import Call

_INVITATION = re.compile(r"/join [A-Z0-9]{4}(-[A-Z0-9]{4}){3}\n")
_ACCOUNT = "5550001"


def _join(typed: str) -> Staff:
    """Use an invitation as somebody in the chat does."""

    async def joined() -> Staff:
        settings, _ = load_settings(os.environ)
        async with opened_store(settings) as store, store.database.transaction() as tx:
            person = f"telegram:{_ACCOUNT}"
            return await subscribing(settings, store).join(
                tx, typed, channel="telegram", person=person, address=_ACCOUNT, now=datetime.now(UTC)
            )

    return asyncio.run(joined())


def test_somebody_is_invited_joins_is_listed_and_removed(call: Call) -> None:
    """An invitation makes a supervisor of its region; the list shows an id but no account; revoking ends it."""
    invited = call("invite", "supervisor", "--region", "haidian")
    assert (invited.code, invited.errors) == (0, "")
    assert _INVITATION.fullmatch(invited.out)
    staff = _join(invited.out.removeprefix("/join "))
    listed = call("people", "list").out
    assert listed.split() == [staff.id, "supervisor", "haidian", "telegram"]
    assert _ACCOUNT not in listed
    assert call("people", "revoke", staff.id).code == 0
    assert "Nobody has joined" in call("people", "list").out
    assert call("people", "revoke", staff.id).code == 1


def test_an_administrator_belongs_to_the_whole_tree(call: Call) -> None:
    """Without a region the invitation is for the root."""
    staff = _join(call("invite", "administrator").out.removeprefix("/join "))
    assert (staff.role.value, staff.region) == ("administrator", "city")


def test_wrong_use_is_refused(call: Call) -> None:
    """An unknown region and an unknown id are refused with exit 1, an unknown role is wrong use."""
    region = call("invite", "supervisor", "--region", "atlantis")
    assert (region.code, region.out) == (1, "")
    assert "'atlantis'" in region.errors
    nobody = call("people", "revoke", "nobody")
    assert nobody.code == 1
    assert "jianfu people list" in nobody.errors
    assert call("invite", "king").code == 2
    assert call("invite").code == 2


def test_deliveries_are_counted_by_what_became_of_them(call: Call) -> None:
    """A store that sent nothing counts nothing in each state."""
    done = call("deliveries")
    assert done.code == 0
    assert dict(line.split() for line in done.out.splitlines()) == dict.fromkeys(
        ("waiting", "delivered", "gone", "ambiguous"), "0"
    )
