"""The small world as fixtures."""

from __future__ import annotations

import pytest

from bot.conversation.cards import Cards
from bot.conversation.reporter import Conversation
from bot.wording import Wording
from storage.database import Database
from storage.keys import Keys
from tests.bot.conversation.small_world import PACK, TREE, World
from tests.fakes.clock import FakeClock


@pytest.fixture(scope="session")
def wording() -> Wording:
    """The Chinese sentences."""
    return Wording("zh-Hans")


@pytest.fixture(scope="session")
def cards(wording: Wording) -> Cards:
    """Cards of the small pack and the three districts."""
    return Cards(wording, PACK, TREE)


@pytest.fixture(scope="session")
def conversation(cards: Cards) -> Conversation:
    """The flow with three districts."""
    return Conversation(cards, TREE)


@pytest.fixture
def world(database: Database, keys: Keys, clock: FakeClock) -> World:
    """The service behind a fake channel."""
    return World(database=database, keys=keys, clock=clock)
