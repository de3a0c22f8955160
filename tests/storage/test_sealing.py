"""Sealed values open with the right key at the right place only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import SealBrokenError
from storage import sealing

_KEY = bytes(range(32))
_AT = sealing.place("table", b"row", "column")


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    sealed = sealing.seal(_KEY, plain, at=_AT)
    assert sealing.open_sealed(_KEY, sealed, at=_AT) == plain
    assert sealing.plain_size(sealed) == len(plain)


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_changed_byte_breaks_the_seal(plain: bytes, data: st.DataObject) -> None:
    """Every single changed byte is noticed, in sealed values and in sealed boxes."""
    private = sealing.new_private_key()
    in_box = sealing.seal_to(sealing.public_key(private), plain, at=_AT)
    for key, sealed, opened in (
        (_KEY, sealing.seal(_KEY, plain, at=_AT), sealing.open_sealed),
        (private, in_box, sealing.open_with),
    ):
        at = data.draw(st.integers(0, len(sealed) - 1))
        changed = bytearray(sealed)
        changed[at] ^= data.draw(st.integers(1, 127))
        with pytest.raises(SealBrokenError):
            opened(key, bytes(changed), at=_AT)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 20, bytes(100)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBrokenError):
        sealing.open_sealed(_KEY, sealed, at=_AT)
    with pytest.raises(SealBrokenError):
        sealing.open_with(_KEY, sealed, at=_AT)


def test_another_key_or_place_does_not_open() -> None:
    """A value moved to another row, or tried with another key, stays shut."""
    sealed = sealing.seal(_KEY, b"text", at=_AT)
    with pytest.raises(SealBrokenError):
        sealing.open_sealed(bytes(32), sealed, at=_AT)
    with pytest.raises(SealBrokenError):
        sealing.open_sealed(_KEY, sealed, at=sealing.place("table", b"other", "column"))


def test_a_sealed_box_opens_with_its_private_key_only() -> None:
    private = sealing.new_private_key()
    sealed = sealing.seal_to(sealing.public_key(private), b"slip", at=_AT)
    assert sealing.open_with(private, sealed, at=_AT) == b"slip"
    with pytest.raises(SealBrokenError):
        sealing.open_with(sealing.new_private_key(), sealed, at=_AT)


def test_the_same_text_never_looks_the_same() -> None:
    assert sealing.seal(_KEY, b"text", at=_AT) != sealing.seal(_KEY, b"text", at=_AT)


@given(st.binary(max_size=2000))
def test_padding_hides_the_length_and_comes_off(plain: bytes) -> None:
    padded = sealing.padded(plain)
    assert len(padded) % sealing.PADDING == 0
    assert sealing.unpadded(padded) == plain


def test_padding_to_a_size_refuses_what_does_not_fit() -> None:
    assert len(sealing.padded(b"x" * 60, size=64)) == 64
    with pytest.raises(ValueError, match="61 bytes do not fit into 60"):
        sealing.padded(b"x" * 61, size=64)


@given(st.lists(st.text(max_size=3), max_size=3), st.lists(st.text(max_size=3), max_size=3))
def test_different_parts_have_different_hashes(first: list[str], second: list[str]) -> None:
    """`ab`, `c` is not `a`, `bc`."""
    same = sealing.keyed_hash(_KEY, *first) == sealing.keyed_hash(_KEY, *second)
    assert same == (first == second)


def test_derived_keys_differ_by_purpose_and_secret() -> None:
    keys = {sealing.derive(secret, purpose) for secret in (_KEY, bytes(32)) for purpose in ("a", "b")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
