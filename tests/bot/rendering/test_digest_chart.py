"""The chart of a digest: drawn to size, the same bytes each time, and refused in one sentence without a font."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import image

from bot.rendering.chart_font import ChartFont
from bot.rendering.digest_chart import chart_words, digest_chart, shortened
from bot.rendering.names import Names
from bot.wording import Wording
from domain.digest import Digest, make_digest
from domain.errors import ConfigurationError
from domain.lattice import ALL, Node
from domain.policy_pack import Category, Group, PolicyPack
from domain.region import Region, RegionTree
from tests.bot.services.week_examples import W40, release_of

FONT = ChartFont(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
CERTAIN = (0x00, 0x72, 0xB2)
POSSIBLE = (0xA8, 0xD1, 0xEB)


@pytest.fixture
def latin_names() -> Names:
    """Names that the font shipped with matplotlib can show."""
    ids = ("street_duty", "duplicate_forms", "exam_duty", "special_campaign")
    categories = tuple(Category(id_, "g", id_, id_.replace("_", " "), "", "", (), ()) for id_ in ids)
    pack = PolicyPack("p", "1", "t", (), (), (Group("g", "g"),), categories)
    return Names(
        pack, [RegionTree((Region(id="city", name="Jingzhou"), Region(id="haidian", name="Haidian", parent="city")))]
    )


def _pixels(picture: bytes) -> Any:
    return np.rint(image.imread(io.BytesIO(picture), format="png")[..., :3] * 255).astype(int)


def _width(pixels: Any, colour: tuple[int, int, int]) -> int:
    """Return the length of the longest run of a colour, in pixels of one row."""
    return int((pixels == colour).all(axis=2).sum(axis=1).max())


def test_a_bar_ends_at_both_ends_of_its_band(latin_names: Names) -> None:
    """Of a band 10-14 the dark part is 10 long and the light one 4 more."""
    digest = make_digest(W40, "haidian", [release_of("2026-W40", {Node("haidian", "street_duty"): 12})])
    pixels = _pixels(digest_chart(digest, latin_names, Wording("en"), FONT))
    assert pixels.shape[1] == 720
    certain, possible = _width(pixels, CERTAIN), _width(pixels, POSSIBLE)
    assert possible / certain == pytest.approx(4 / 10, abs=0.03)


def test_the_same_digest_gives_the_same_bytes(latin_names: Names, digest_of: Callable[[str], Digest]) -> None:
    first, second = (digest_chart(digest_of("haidian"), latin_names, Wording("en"), FONT) for _ in range(2))
    assert first == second


def test_more_categories_make_a_taller_picture_with_room_for_letters(latin_names: Names) -> None:
    """Each row keeps its height, and letters have a panel of their own."""
    few = make_digest(W40, "city", [release_of("2026-W40", {Node("city", "street_duty"): 12, Node("city", ALL): 20})])
    many = make_digest(
        W40,
        "city",
        [release_of("2026-W40", {Node("city", name): 9 for name in ("street_duty", "exam_duty", "special_campaign")})],
    )
    heights = [_pixels(digest_chart(one, latin_names, Wording("en"), FONT)).shape[0] for one in (few, many)]
    assert heights[0] < heights[1]


def test_an_empty_digest_is_a_picture_without_bars(latin_names: Names, empty_digest: Digest) -> None:
    pixels = _pixels(digest_chart(empty_digest, latin_names, Wording("en"), FONT))
    assert _width(pixels, CERTAIN) == 0
    assert (pixels < 128).any()


def test_without_a_font_one_sentence_says_what_to_install(latin_names: Names, empty_digest: Digest) -> None:
    with pytest.raises(ConfigurationError, match="apt-get install fonts-noto-cjk"):
        digest_chart(empty_digest, latin_names, Wording("zh-Hans"), None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("站马路", "站马路"),
        ("强制关注公众号下载投票答题", "强制关注公众号下载投票…"),
        ("an English name of some length", "an English name of som…"),
    ],
)
def test_long_names_are_cut_to_the_room_beside_the_bars(name: str, shown: str) -> None:
    assert shortened(name) == shown


def test_the_words_of_a_chart_are_those_it_shows(names: Names, digest_of: Callable[[str], Digest]) -> None:
    """A font that has all of them shows no box: region, categories of both sources, axis and numbers."""
    words = "".join(chart_words(digest_of("haidian"), names, Wording("zh-Hans")))
    assert set("海淀区站马路重复填表社会考试不同账号数0123456789–…") <= set(words)
