"""Every released row ever shown to anyone, as JSON for audits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from domain.release import Release


def published_json(releases: Sequence[Release], *, k: int, band: int, cap: int) -> str:
    """Return all rows in the order of their releases; `k`, `band` and `cap` are those configured now."""
    rows = []
    for release in releases:
        for row in release.rows:
            shown = {name: value for name, value in asdict(row).items() if value is not None}
            rows.append({**shown, "source": row.source.value})
    return json.dumps({"k": k, "band": band, "cap": cap, "rows": rows}, ensure_ascii=False, indent=2)
