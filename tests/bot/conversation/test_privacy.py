"""The privacy text follows the settings and the channel."""

from __future__ import annotations

import pytest

from bot.conversation.privacy import PrivacyFacts, PrivacyText
from bot.wording import LANGUAGES, Wording


def text(channel: str, *, language: str = "zh-Hans", staff: bool = False, **facts: int) -> str:
    usual = {"k": 7, "block_weeks": 4, "keep_days": 111}
    return PrivacyText(Wording(language), PrivacyFacts(**{**usual, **facts})).on(channel, staff=staff)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_effective_settings_stand_in_the_text(language: str) -> None:
    """The threshold, the weeks until keys are destroyed and the days kept are the configured ones."""
    said = text("telegram", language=language)
    assert all(number in said for number in ("7", "4", "111", "48"))
    assert "13" in text("telegram", language=language, block_weeks=13)
    assert "4" not in text("telegram", language=language, block_weeks=0).replace("48", "")


def test_each_channel_names_who_else_sees_the_words() -> None:
    """Telegram's operator is named on Telegram only, the screen in the terminal only; what we keep everywhere."""
    assert "Telegram 公司" in text("telegram")
    assert "Telegram" not in text("terminal")
    assert "屏幕" in text("terminal")
    assert all("不保存您的账号" in text(channel) for channel in ("telegram", "somewhere"))


def test_staff_learn_what_is_kept_about_them() -> None:
    """Only who joined reads that their account is kept."""
    assert "督导和管理员的账号" in text("telegram", staff=True)
    assert "督导和管理员的账号" not in text("telegram")


def test_more_is_not_claimed_than_is_true() -> None:
    """The text names the operator's power, missed masking, fake accounts and telling content."""
    said = text("telegram")
    assert all(words in said for words in ("能查出", "可能有遗漏", "假账号", "别人可能从内容认出您"))
    assert not any(words in said for words in ("绝对", "完全匿名", "无法追踪"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_power_of_the_operator_is_not_made_smaller(language: str) -> None:
    """Slips open to the private key, and what they say often fits one report: measured, half of them and more."""
    said = text("telegram", language=language)
    words = {
        "zh-Hans": ("账号和原话", "哪个区、哪一类", "哪一条"),
        "en": ("your own words", "which district", "which report"),
    }
    assert all(word in said for word in words[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_waits_longer_than_a_key_is_named(language: str) -> None:
    """What is not handled or delivered moves to a new key, and nobody destroys keys while the service is off."""
    said = text("telegram", language=language)
    words = {
        "zh-Hans": ("服务运行时", "换新密钥", "截止前撤回"),
        "en": ("While the service runs", "new key", "end of its week"),
    }
    assert all(word in said for word in words[language])
