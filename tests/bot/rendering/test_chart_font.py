"""A font is chosen by the characters it really has."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

from bot.rendering.chart_font import find_chart_font

FOLDER = Path(mpl.get_data_path()) / "fonts" / "ttf"
OURS = [str(file) for file in sorted(FOLDER.glob("*.ttf"))]


def test_a_font_with_all_characters_is_found() -> None:
    found = find_chart_font(["accounts 5–9", "é"], OURS)
    assert found is not None
    assert "DejaVu" in found.path.name


def test_a_font_that_shows_boxes_for_everything_is_no_font() -> None:
    """Matplotlib ships one that claims every character; Chinese in it would be boxes."""
    assert any("lastresort" in name.casefold() for name in OURS)
    assert find_chart_font(["区"], OURS) is None


def test_a_damaged_font_file_is_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "NotoSansCJK-Regular.ttc"
    broken.write_bytes(b"no font at all")
    assert find_chart_font(["区"], [str(broken)]) is None
    found = find_chart_font(["a"], [str(broken), str(FOLDER / "DejaVuSans.ttf")])
    assert found is not None
    assert found.path.name == "DejaVuSans.ttf"


def test_preferred_fonts_come_first() -> None:
    """Of several fitting fonts the regular face wins over the bold one."""
    found = find_chart_font(["a"], [str(FOLDER / "DejaVuSans-Bold.ttf"), str(FOLDER / "STIXGeneral.ttf")])
    assert found is not None
