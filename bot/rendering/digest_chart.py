"""A digest as a picture: the band of each category, legible on a phone; its text twin is the digest text."""

from __future__ import annotations

import unicodedata
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator

from bot.rendering.chart_font import NO_FONT, ChartFont
from bot.rendering.names import Names
from bot.wording import Wording
from domain.digest import Digest, Line, Section
from domain.errors import ConfigurationError

# 720 pixels wide: on a 360-pixel phone the smallest letters are still 11 pixels high.
_DOTS_PER_INCH = 200
_WIDTH = 3.6  # inches
_ROW = 0.3
_HEAD = 0.95
_SMALL = 8  # points
_LARGE = 9.5
_LABEL_WIDTH = 12  # full-width characters of a category's name
_TITLE_WIDTH = 24  # full-width characters of a line of the title
_FEWEST_ROWS = 2  # a single bar is not blown up
# Dark and light of one hue: they differ in lightness, so every kind of colour vision tells them apart.
_CERTAIN = "#0072B2"
_POSSIBLE = "#A8D1EB"


def digest_chart(digest: Digest, names: Names, wording: Wording, font: ChartFont | None) -> bytes:
    """Return the chart as PNG, the same bytes for the same digest; import numbers have a panel of their own.

    Raises:
        ConfigurationError: no font is installed; the sentence says how to install one.
    """
    if font is None:
        raise ConfigurationError(NO_FONT)
    panels = [digest.own, *(section for section in digest.imported[:1] if section.categories)]
    heights = [max(len(panel.categories), _FEWEST_ROWS) * _ROW + _HEAD for panel in panels]
    figure = Figure(figsize=(_WIDTH, sum(heights)), dpi=_DOTS_PER_INCH, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)
    painter = _Painter(names, wording, font)
    title = wording.say("chart-title", {"region": names.region(digest.region), "week": str(digest.week)})
    figure.suptitle(_wrapped(title), x=0.02, ha="left", fontproperties=painter.large)
    for index, panel in enumerate(panels):
        painter.paint(axes[index][0], panel, wording.say(f"stats-source-{panel.source.value}"))
    picture = BytesIO()
    canvas.print_png(picture, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return picture.getvalue()


class _Painter:
    """Paints one panel with one font."""

    def __init__(self, names: Names, wording: Wording, font: ChartFont) -> None:
        self._names = names
        self._wording = wording
        self._small = FontProperties(fname=str(font.path), size=_SMALL)
        self.large = FontProperties(fname=str(font.path), size=_LARGE)

    def paint(self, axes: Axes, section: Section, title: str) -> None:
        """Paint a bar up to the lower end of each band and a light one up to the upper end."""
        axes.set_title(title, fontproperties=self._small, loc="left")
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        if not section.categories:
            axes.set_axis_off()
            text = self._wording.say("chart-empty")
            axes.text(0.5, 0.5, text, ha="center", va="center", fontproperties=self._small, transform=axes.transAxes)
            return
        lines = section.categories
        places = list(range(len(lines)))
        axes.barh(places, [line.high for line in lines], color=_POSSIBLE, height=0.62)
        axes.barh(places, [line.low for line in lines], color=_CERTAIN, height=0.62)
        for place, line in zip(places, lines, strict=True):
            axes.annotate(
                f"{line.low}–{line.high}",
                (line.high, place),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontproperties=self._small,
            )
        self._frame(axes, lines, places)

    def _frame(self, axes: Axes, lines: tuple[Line, ...], places: list[int]) -> None:
        axes.set_yticks(places, [shortened(self._names.short(line.id)) for line in lines])
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(max(len(lines), _FEWEST_ROWS) - 0.5, -0.5)  # the first line on top
        axes.set_xlim(0, max(line.high for line in lines) * 1.28)  # room for the largest band's words
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        axes.set_xlabel(self._wording.say("chart-axis"), fontproperties=self._small)
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            label.set_fontproperties(self._small)


def chart_words(digest: Digest, names: Names, wording: Wording) -> list[str]:
    """Return every text that may stand in the chart of a digest: what its font must be able to show."""
    fixed = (wording.say(key) for key in ("chart-axis", "chart-empty", "stats-source-chat", "stats-source-import"))
    shown = (names.short(line.id) for section in digest.sections for line in section.categories)
    title = wording.say("chart-title", {"region": names.region(digest.region), "week": str(digest.week)})
    return [*fixed, *shown, title, "0123456789–…"]


def shortened(name: str) -> str:
    """Return a name cut to what fits beside the bars; the text twin has it whole."""
    if _width(name) <= _LABEL_WIDTH:
        return name
    end = next(place for place in range(len(name), 0, -1) if _width(name[:place]) <= _LABEL_WIDTH - 1)
    return f"{name[:end].rstrip()}…"


def _width(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(character) in "WF" else 0.5 for character in text)


def _wrapped(title: str) -> str:
    lines = [""]
    for character in title:
        if _width(lines[-1] + character) > _TITLE_WIDTH:
            lines.append("")
        lines[-1] += character
    return "\n".join(lines)
