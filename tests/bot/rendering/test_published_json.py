"""Every released row, for audits."""

from __future__ import annotations

import json

from bot.rendering.published_json import published_json
from domain.lattice import ALL, Node
from domain.report import Source
from tests.bot.services.week_examples import release_of


def test_rows_carry_what_they_were_released_with() -> None:
    """A row has its period, node, band, parameters and source; a body row has a body and no category."""
    released = [
        release_of("2026-W39", {Node("city", ALL): 12, Node("city", body="police"): 5}),
        release_of("2026-W40", {Node("haidian", "street_duty"): 5}, source=Source.IMPORT),
    ]
    common = {"k": 5, "band": 5, "cap": 3}
    assert json.loads(published_json(released, k=6, band=7, cap=2)) == {
        "k": 6,
        "band": 7,
        "cap": 2,
        "rows": [
            {"period": "2026-W39", "region": "city", "body": "police", "low": 5, "high": 9, "source": "chat", **common},
            {
                "period": "2026-W39",
                "region": "city",
                "category": "all",
                "low": 10,
                "high": 14,
                "source": "chat",
                **common,
            },
            {
                "period": "2026-W40",
                "region": "haidian",
                "category": "street_duty",
                "low": 5,
                "high": 9,
                "source": "import",
                **common,
            },
        ],
    }
