"""Keys: made once, read strictly, destroyed for good."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from domain.errors import KeyMissingError
from storage import key_files
from storage.keys import Keys
from storage.sealing import public_key
from tests.storage.examples import BLOCK

_DAY = date(2026, 9, 30)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_folder_and_its_files_are_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "keys"
    keys = Keys.open(folder)
    keys.day(_DAY)
    keys.block_front(BLOCK)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert sorted(_contents(folder)) == [
        f"block-{BLOCK}.front",
        f"block-{BLOCK}.secret",
        "day-2026-09-30.key",
        "master.key",
    ]


def test_keys_are_the_same_when_opened_again(tmp_path: Path) -> None:
    first = Keys.open(tmp_path / "keys")
    kept = (first.derived("x"), first.day(_DAY), first.block_front(BLOCK), first.block_secret(BLOCK))
    again = Keys.open(tmp_path / "keys")
    assert (again.derived("x"), again.day(_DAY), again.block_front(BLOCK), again.block_secret(BLOCK)) == kept


def test_day_keys_are_random_and_not_derived(tmp_path: Path) -> None:
    """The same master key and day give another day key once it was destroyed."""
    keys = Keys.open(tmp_path / "keys")
    first = keys.day(_DAY)
    keys.destroy_day(_DAY)
    assert keys.existing_day(_DAY) is None
    assert keys.day(_DAY) != first


def test_live_days_are_listed_in_order(keys: Keys) -> None:
    for day in (date(2026, 10, 1), _DAY, date(2026, 9, 29)):
        keys.day(day)
    keys.destroy_day(date(2026, 9, 29))
    assert keys.days() == [_DAY, date(2026, 10, 1)]
    assert list(keys.live_days()) == [date(2026, 10, 1), _DAY]


def test_destroying_overwrites_the_file_before_it_goes(keys: Keys, tmp_path: Path) -> None:
    """Another name of the same file, as a crash could leave it, holds zeros afterwards."""
    keys.day(_DAY)
    other_name = tmp_path / "left-behind"
    os.link(tmp_path / "keys" / "day-2026-09-30.key", other_name)
    keys.destroy_day(_DAY)
    keys.destroy_day(_DAY)
    assert other_name.read_bytes() == bytes(32)
    assert keys.days() == []


def test_a_front_process_needs_no_private_key(keys: Keys, tmp_path: Path) -> None:
    """With the front file alone slips can be added, and nothing can be opened."""
    front = keys.block_front(BLOCK)
    assert public_key(keys.block_secret(BLOCK).private) == front.public
    (tmp_path / "keys" / f"block-{BLOCK}.secret").unlink()
    assert keys.block_front(BLOCK) == front
    with pytest.raises(KeyMissingError, match=f"private key of block {BLOCK} is not in"):
        keys.block_secret(BLOCK)


def test_a_lost_front_file_is_made_again_from_the_secret(keys: Keys, tmp_path: Path) -> None:
    """As after a crash between the two files: the pair stays a pair."""
    front = keys.block_front(BLOCK)
    (tmp_path / "keys" / f"block-{BLOCK}.front").unlink()
    assert keys.blocks() == [BLOCK]
    assert keys.block_front(BLOCK) == front


def test_a_destroyed_block_is_gone_and_not_made_again_by_looking(keys: Keys, tmp_path: Path) -> None:
    keys.block_front(BLOCK)
    keys.destroy_block(BLOCK)
    keys.destroy_block(BLOCK)
    with pytest.raises(KeyMissingError):
        keys.block_secret(BLOCK)
    assert keys.blocks() == []
    assert list(_contents(tmp_path / "keys")) == ["master.key"]


def test_secrets_do_not_show_in_a_repr(keys: Keys) -> None:
    front, secret = keys.block_front(BLOCK), keys.block_secret(BLOCK)
    assert repr(front) == "BlockFront()"
    assert repr(secret) == "BlockSecret()"


@pytest.mark.parametrize("name", ["master.key", "day-2026-09-30.key"])
def test_a_file_open_to_others_is_refused(keys: Keys, tmp_path: Path, name: str) -> None:
    keys.day(_DAY)
    path = tmp_path / "keys" / name
    path.chmod(0o640)
    with pytest.raises(KeyMissingError, match=f"run: chmod 600 {path}$"):
        Keys.open(tmp_path / "keys").day(_DAY)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_file_is_refused_and_kept(keys: Keys, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keys" / "master.key"
    path.write_bytes(content)
    with pytest.raises(KeyMissingError, match="is damaged; restore it"):
        Keys.open(tmp_path / "keys")
    assert path.read_bytes() == content


def test_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    with pytest.raises(KeyMissingError, match="run: chmod 700"):
        Keys.open(tmp_path / "keys")


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "keys"):
        with pytest.raises(KeyMissingError, match="is no folder"):
            Keys.open(folder)
    with pytest.raises(KeyMissingError, match="cannot be made"):
        Keys.open(Path("/proc/jianfu-keys"))


def test_a_link_in_place_of_a_key_is_refused(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"x" * 32)
    (tmp_path / "keys" / "day-2026-09-30.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyMissingError, match="cannot be read"):
        keys.day(_DAY)


def test_many_that_ask_at_once_get_the_same_keys(tmp_path: Path) -> None:
    """Of threads that open one new folder together, all see one master key, one day key, one block pair."""

    def ask(_number: int) -> tuple[object, ...]:
        keys = Keys.open(tmp_path / "keys")
        return keys.derived("x"), keys.day(_DAY), keys.block_front(BLOCK)

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(24)))
    assert len(answers) == 1
    assert not [name for name in _contents(tmp_path / "keys") if name.startswith(".")]


def test_a_process_that_dies_while_making_a_key_leaves_none_half_made(tmp_path: Path) -> None:
    """Killed before the key has its name, the next process makes a whole one."""
    folder = tmp_path / "keys"
    program = f"""
import os
from pathlib import Path
from storage.keys import Keys
os.link = lambda *_: os.kill(os.getpid(), 9)
Keys.open(Path({str(folder)!r}))
"""
    died = subprocess.run([sys.executable, "-c", program], check=False, cwd=Path(__file__).parents[2])
    assert died.returncode == -9
    assert not (folder / "master.key").exists()
    assert len(Keys.open(folder).derived("x")) == 32


def test_creating_never_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    assert key_files.create(path, b"1" * 32) == b"1" * 32
    assert key_files.create(path, b"2" * 32) == b"1" * 32
