"""The digest as supervisors read it on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.rendering.digest_text import digest_text
from bot.rendering.names import Names
from bot.wording import LANGUAGES, Wording
from domain.digest import Digest

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", ["haidian", "city"])
def test_digest(golden: Golden, names: Names, digest_of: Callable[[str], Digest], region: str, language: str) -> None:
    """The whole text of a district's and of the root's digest, word for word."""
    golden(f"digest-{region}.{language}.txt", digest_text(digest_of(region), names, Wording(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_digest(golden: Golden, names: Names, empty_digest: Digest, language: str) -> None:
    """A week without numbers has the same shape, and says that it passed no gate."""
    golden(f"digest-empty.{language}.txt", digest_text(empty_digest, names, Wording(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_digest_is_one_of_its_bands(
    names: Names, digest_of: Callable[[str], Digest], language: str
) -> None:
    """No sum, remainder or exact count stands in the text."""
    digest = digest_of("city")
    text = digest_text(digest, names, Wording(language))
    bands = {f"{line.low}–{line.high}" for section in digest.sections for line in section.lines}
    assert set(re.findall(r"\d+–\d+", text)) == bands
