"""Key files: made whole or not at all, read back strictly, destroyed by overwriting."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from domain.errors import KeyMissingError

_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make the folder if missing, open to this account only; raises KeyMissingError when it cannot be used."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    except (FileExistsError, NotADirectoryError):
        raise KeyMissingError(f"{folder} is no folder; [keys] dir must name one.") from None
    except OSError as error:
        raise KeyMissingError(f"The key folder {folder} cannot be made: {error.strerror}.") from None
    if mode & _OTHERS:
        raise KeyMissingError(f"Others can open the key folder {folder}; run: chmod 700 {folder}")


def names(folder: Path) -> list[str]:
    """Return the names of all files."""
    try:
        return [path.name for path in folder.iterdir()]
    except OSError as error:
        raise KeyMissingError(f"The key folder {folder} cannot be read: {error.strerror}.") from None


def read(path: Path, *, size: int) -> bytes | None:
    """Return the key of `size` bytes; None when there is no such file; raises KeyMissingError when it is unusable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyMissingError(f"The key file {path} cannot be read: {error.strerror}.") from None
    try:
        mode = os.fstat(descriptor).st_mode
        content = os.read(descriptor, size + 1)
    except OSError as error:
        raise KeyMissingError(f"The key file {path} cannot be read: {error.strerror}.") from None
    finally:
        os.close(descriptor)
    if mode & _OTHERS:
        raise KeyMissingError(f"Others can open the key file {path}; run: chmod 600 {path}")
    if len(content) != size:
        raise KeyMissingError(f"The key file {path} is damaged; restore it.")
    return content


def create(path: Path, content: bytes) -> bytes:
    """Make a key file unless it is there; returns what stands in it afterwards.

    Of two processes one makes the file and both read the same. A crash leaves the whole file or none.
    """
    fresh = path.with_name(f".new-{secrets.token_hex(8)}")
    try:
        _write(fresh, content)
        try:
            os.link(fresh, path)  # unlike a rename, it never replaces another process's key
        except FileExistsError:
            overwrite(fresh)
        fresh.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise KeyMissingError(f"The key file {path} cannot be written: {error.strerror}.") from None
    kept = read(path, size=len(content))
    if kept is None:
        raise KeyMissingError(f"The key file {path} disappeared while it was made.")
    return kept


def destroy(path: Path) -> None:
    """Overwrite, delete; a file that is gone already is fine; raises KeyMissingError when it cannot be done."""
    try:
        overwrite(path)
        path.unlink()
        sync_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise KeyMissingError(f"The key file {path} cannot be destroyed: {error.strerror}.") from None


def overwrite(path: Path) -> None:
    """Replace every byte by zero, on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.write(descriptor, bytes(os.fstat(descriptor).st_size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
