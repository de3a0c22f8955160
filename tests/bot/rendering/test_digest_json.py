"""The digest for machines."""

from __future__ import annotations

import json
from collections.abc import Callable

from bot.rendering.digest_json import digest_json
from bot.rendering.names import Names
from domain.digest import Digest


def test_digest_json(golden: Callable[[str, str], None], names: Names, digest_of: Callable[[str], Digest]) -> None:
    """The whole object: ids and names, bands, trends, the parameters of the release."""
    golden("digest-haidian.json", digest_json(digest_of("haidian"), names))


def test_an_empty_digest_has_the_same_keys(
    names: Names, digest_of: Callable[[str], Digest], empty_digest: Digest
) -> None:
    full, empty = (json.loads(digest_json(digest, names)) for digest in (digest_of("haidian"), empty_digest))
    assert full.keys() == empty.keys()
    assert [section.keys() for section in full["sections"]] == [section.keys() for section in empty["sections"]]
    assert not empty["gated"]
