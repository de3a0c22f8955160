"""The second look at a masked text."""

from __future__ import annotations

import pytest

from classifiers.maskers.residue import remainder


@pytest.mark.parametrize(
    ("masked", "kind"),
    [
        ("打13800138000", "phone"),
        ("打一三八〇〇一三八〇〇〇", "phone"),
        ("打１３８\u200b００１３８０００", "phone"),
        ("证11010519491231002X", "identity number"),
        ("证110105 19491231 0021", "identity number"),
        ("发a.b@qq.com", "account"),
        ("加wxid_8a2k3j4h5g6f22", "account"),
        ("〔姓名〕打〔电话〕，2021年11月9日开会1小时", ""),
        ("13、15、17、19、21、23份", ""),
        ("编号20211123000417", ""),
    ],
)
def test_names_what_is_left(masked: str, kind: str) -> None:
    """What still looks like a number or an account is named; a clean text gives nothing."""
    assert remainder(masked) == kind
