"""The key folder: master key, day keys, block keys.

    master.key          all that lives long is sealed under keys derived from it
    day-DATE.key        random, never derived; destroyed within 48 hours
    block-BLOCK.front   public key and tag key: all a front process needs to add slips
    block-BLOCK.secret  private key, chance key and tag key: on the releasing host alone

Nothing of a day or block is kept in memory between calls: once its file is destroyed, no process has it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Self

from domain.errors import KeyMissingError
from storage import key_files
from storage.sealing import KEY_BYTES, derive, new_private_key, public_key

_MASTER: Final = "master.key"
_DAY: Final = ("day-", ".key")
_FRONT: Final = ("block-", ".front")
_SECRET: Final = ("block-", ".secret")


@dataclass(frozen=True, slots=True)
class BlockFront:
    """What adds slips: the public key, and the key of person tags, which dies with the private key."""

    public: bytes = field(repr=False)
    tags: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BlockSecret:
    """What opens slips: the private key, and the key of the choices made at release."""

    private: bytes = field(repr=False)
    chance: bytes = field(repr=False)


class Keys:
    """The keys of one service, in a folder outside the data folder; build it with `open`."""

    def __init__(self, folder: Path, master: bytes) -> None:
        self._folder = folder
        self._master = master

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the key folder; it and the master key are made when missing.

        Raises:
            KeyMissingError: one sentence: unreadable, damaged, or open to others.
        """
        key_files.make_folder(folder)
        path = folder / _MASTER
        master = key_files.read(path, size=KEY_BYTES)
        if master is None:
            master = key_files.create(path, secrets.token_bytes(KEY_BYTES))
        return cls(folder, master)

    def derived(self, purpose: str) -> bytes:
        """Return the long-lived key for one purpose."""
        return derive(self._master, purpose)

    # ---- days ----

    def day(self, day: date) -> bytes:
        """Return the random key of a local day; it is made when absent."""
        return self.existing_day(day) or key_files.create(self._day_file(day), secrets.token_bytes(KEY_BYTES))

    def existing_day(self, day: date) -> bytes | None:
        """Return the key of a local day; None when it was destroyed or never made."""
        return key_files.read(self._day_file(day), size=KEY_BYTES)

    def days(self) -> list[date]:
        """Return the days whose keys live, in order."""
        return [date.fromisoformat(name) for name in self._named(_DAY)]

    def live_days(self) -> dict[date, bytes]:
        """Return all live day keys, newest first."""
        found = ((day, self.existing_day(day)) for day in reversed(self.days()))
        return {day: key for day, key in found if key is not None}

    def destroy_day(self, day: date) -> None:
        """Destroy a day key: all that was sealed under it is gone; doing it twice changes nothing."""
        key_files.destroy(self._day_file(day))

    # ---- blocks ----

    def blocks(self) -> list[str]:
        """Return the blocks that have keys, in order."""
        return sorted({*self._named(_FRONT), *self._named(_SECRET)})

    def block_front(self, block: str) -> BlockFront:
        """Return what adds slips to a block; the key pair is made when absent."""
        content = key_files.read(self._block_file(block, _FRONT), size=2 * KEY_BYTES)
        if content is None:
            fresh = new_private_key() + secrets.token_bytes(2 * KEY_BYTES)
            secret = key_files.create(self._block_file(block, _SECRET), fresh)
            front = public_key(secret[:KEY_BYTES]) + secret[2 * KEY_BYTES :]
            content = key_files.create(self._block_file(block, _FRONT), front)
        return BlockFront(content[:KEY_BYTES], content[KEY_BYTES:])

    def block_secret(self, block: str) -> BlockSecret:
        """Return what opens the slips of a block; never makes it.

        Raises:
            KeyMissingError: it was destroyed, lost, or is kept on another host.
        """
        content = key_files.read(self._block_file(block, _SECRET), size=3 * KEY_BYTES)
        if content is None:
            raise KeyMissingError(
                f"The private key of block {block} is not in {self._folder}; "
                "restore it, or give the period up with `jianfu release --abandon PERIOD`."
            )
        return BlockSecret(content[:KEY_BYTES], content[KEY_BYTES : 2 * KEY_BYTES])

    def destroy_block(self, block: str) -> None:
        """Destroy the keys of a block: its slips are gone; doing it twice changes nothing."""
        # The secret last: after a crash between the two, the block is still listed, and nothing sealed is unreadable.
        key_files.destroy(self._block_file(block, _FRONT))
        key_files.destroy(self._block_file(block, _SECRET))

    def _day_file(self, day: date) -> Path:
        return self._folder / day.isoformat().join(_DAY)

    def _block_file(self, block: str, kind: tuple[str, str]) -> Path:
        return self._folder / block.join(kind)

    def _named(self, kind: tuple[str, str]) -> list[str]:
        start, end = kind
        found = (name for name in key_files.names(self._folder) if name.startswith(start) and name.endswith(end))
        return sorted(name.removeprefix(start).removesuffix(end) for name in found)
