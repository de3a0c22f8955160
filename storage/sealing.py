"""Sealed values, length padding, keyed hashes; the keys are in `storage/keys.py`."""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import SealBrokenError

KEY_BYTES: Final = 32
PADDING: Final = 512  # sealed texts are multiples of this long

_VERSION: Final = b"\x01"  # of the format of a sealed value
_NONCE_BYTES: Final = 12
LENGTH_BYTES: Final = 4  # in front of what is padded


def derive(secret: bytes, purpose: str) -> bytes:
    """Return a key for one purpose (HKDF-SHA256)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"jianfu|{purpose}".encode()).derive(secret)


def keyed_hash(key: bytes, *parts: str | bytes) -> bytes:
    """Return HMAC-SHA256 of the parts; no two lists of parts are the same bytes."""
    return hmac.digest(key, _joined(*parts), "sha256")


def place(*parts: str | bytes) -> bytes:
    """Return the associated data that binds a sealed value to its table, row and column."""
    return _joined(*parts)


def _joined(*parts: str | bytes) -> bytes:
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(LENGTH_BYTES) + part for part in encoded)


def seal(key: bytes, plain: bytes, *, at: bytes) -> bytes:
    """Seal bytes (AES-256-GCM) so that they open with this key and at this place only."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, at)


def open_sealed(key: bytes, sealed: bytes, *, at: bytes) -> bytes:
    """Return what was sealed.

    Raises:
        SealBrokenError: changed, moved, or sealed under another key.
    """
    start = len(_VERSION) + _NONCE_BYTES
    if sealed[: len(_VERSION)] != _VERSION:
        raise SealBrokenError
    try:
        return AESGCM(key).decrypt(sealed[len(_VERSION) : start], sealed[start:], at)
    except (InvalidTag, ValueError):
        raise SealBrokenError from None


def padded(plain: bytes, *, size: int | None = None) -> bytes:
    """Return the bytes with their length in front and zeros behind: `size` bytes, or the next multiple of PADDING.

    Raises:
        ValueError: they do not fit into `size`.
    """
    needed = LENGTH_BYTES + len(plain)
    whole = -(-needed // PADDING) * PADDING if size is None else size
    if needed > whole:
        raise ValueError(f"{len(plain)} bytes do not fit into {whole - LENGTH_BYTES}")
    return len(plain).to_bytes(LENGTH_BYTES) + plain + bytes(whole - needed)


def unpadded(padded_plain: bytes) -> bytes:
    """Return what `padded` took."""
    length = int.from_bytes(padded_plain[:LENGTH_BYTES])
    return padded_plain[LENGTH_BYTES : LENGTH_BYTES + length]


def plain_size(sealed: bytes) -> int:
    """Return how many bytes `seal` took to make this."""
    return len(sealed) - len(seal(bytes(KEY_BYTES), b"", at=b""))


def new_private_key() -> bytes:
    """Return a random X25519 private key."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> bytes:
    """Return the public half."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_to(public: bytes, plain: bytes, *, at: bytes) -> bytes:
    """Seal bytes so that only the private key opens them: X25519 with a key used once, HKDF, AES-256-GCM."""
    once = X25519PrivateKey.generate()
    own = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return own + seal(_box_key(shared, own, public), plain, at=at)


def open_with(private: bytes, sealed: bytes, *, at: bytes) -> bytes:
    """Return what was sealed to this key pair; raises SealBrokenError."""
    own, rest = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    key = X25519PrivateKey.from_private_bytes(private)
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(own))
    except ValueError:
        raise SealBrokenError from None
    return open_sealed(_box_key(shared, own, key.public_key().public_bytes_raw()), rest, at=at)


def _box_key(shared: bytes, own: bytes, public: bytes) -> bytes:
    return derive(_joined(shared, own, public), "sealed box")
