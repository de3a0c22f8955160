"""Tests of the figures."""

from __future__ import annotations

import pytest

from classifiers.classifier import Classifier
from classifiers.evaluating import by_category, evaluate, worst
from classifiers.labelled import Labelled, read_corpus
from domain.classification import Body, Classification, Kind, Label
from domain.policy_pack import PolicyPack

CATEGORIES = ("exam", "forms", "contests", "others")


def labelled(
    kind: Kind = Kind.REPORT, *labels: str, also_ok: tuple[str, ...] = (), body: Body | None = None
) -> Labelled:
    return Labelled(f"m{kind}", "w1", "text", kind, labels, also_ok, body)


def reading(
    kind: Kind = Kind.REPORT, *labels: str, confidence: float = 0.9, sure: bool = True, body: Body | None = None
) -> Classification:
    rest = tuple(one for one in CATEGORIES if one not in labels)
    return Classification(
        kind=kind,
        labels=tuple(Label(one, 0.5, (), ()) for one in labels) if kind is Kind.REPORT else (),
        candidates=(*labels, *rest),
        body=body,
        confidence=confidence,
        sure=sure,
        pack="p@1",
    )


def test_all_right_is_one() -> None:
    """Where everything agrees every share is one."""
    figures = evaluate(
        [labelled(Kind.REPORT, "exam"), labelled(Kind.CHAT)],
        [reading(Kind.REPORT, "exam", confidence=1.0), reading(Kind.CHAT, sure=False)],
        categories=CATEGORIES,
    )
    shares = (figures.top1, figures.top1_end_to_end, figures.top3, figures.macro_f1, figures.kind, figures.body)
    of_reports = (figures.report_recall, figures.report_precision, figures.sure_coverage, figures.sure_right)
    assert set(shares + of_reports) == {1.0}
    assert figures.calibration_error == pytest.approx(0)
    assert figures.confusions == ()


def test_a_missed_report_counts_given_a_report_only() -> None:
    """A report taken for chat is right by its first candidate, wrong end to end, and missing in recall."""
    figures = evaluate([labelled(Kind.REPORT, "exam")], [reading(Kind.CHAT, "exam")], categories=CATEGORIES)
    assert (figures.top1, figures.top1_end_to_end, figures.report_recall, figures.macro_f1) == (1, 0, 0, 0)


def test_a_false_report_costs_precision() -> None:
    """Chat taken for a report is wrong in precision, and wrong for the category it was given."""
    figures = evaluate(
        [labelled(Kind.CHAT), labelled(Kind.REPORT, "exam")],
        [reading(Kind.REPORT, "exam"), reading(Kind.REPORT, "exam")],
        categories=CATEGORIES,
    )
    assert (figures.report_precision, figures.kind) == (0.5, 0.5)
    assert figures.categories[0].precision == 0.5


def test_also_ok_is_neither_required_nor_wrong() -> None:
    """A category that a careful reader could also give changes nothing, given or not."""
    with_it = by_category([(("exam",), ("forms",), ("exam", "forms"))], CATEGORIES)
    without = by_category([(("exam",), ("forms",), ("exam",))], CATEGORIES)
    wrong = by_category([(("exam",), (), ("exam", "forms"))], CATEGORIES)
    assert with_it == without
    assert {one.category: one.f1 for one in wrong} == {"exam": 1.0, "forms": 0.0}


def test_precision_recall_and_f1_of_a_category() -> None:
    """Two of three found, one of three given wrongly."""
    rows = [
        (("exam",), (), ("exam",)),
        (("exam",), (), ("exam",)),
        (("exam",), (), ("forms",)),
        (("forms",), (), ("exam",)),
    ]
    (exam, forms) = by_category(rows, CATEGORIES)
    assert exam.reports == 3
    assert [exam.precision, exam.recall, exam.f1] == pytest.approx([2 / 3] * 3)
    assert (forms.reports, forms.f1) == (1, 0)


def test_sure_and_calibration() -> None:
    """Sure is a share of all reports; the error of certainty is the distance of certainty and truth."""
    figures = evaluate(
        [labelled(Kind.REPORT, "exam")] * 4,
        [reading(Kind.REPORT, "exam", confidence=0.9)] * 2
        + [reading(Kind.REPORT, "forms", confidence=0.9), reading(Kind.REPORT, "forms", confidence=0.3, sure=False)],
        categories=CATEGORIES,
    )
    assert figures.sure_coverage == 0.75
    assert figures.sure_right == pytest.approx(2 / 3)
    assert figures.calibration_error == pytest.approx((abs(2.7 - 2) + 0.3) / 4)
    assert [(one.right, one.given, one.count) for one in figures.confusions] == [("exam", "forms", 2)]


def test_nothing_to_measure_is_zero() -> None:
    """No messages: no division by zero."""
    assert evaluate([], [], categories=CATEGORIES).to_json()["top1"] == 0


def test_figures_become_plain_values() -> None:
    """JSON holds numbers of four places, lists and names."""
    figures = evaluate([labelled(Kind.REPORT, "exam")] * 3, [reading(Kind.REPORT, "exam")] * 3, categories=CATEGORIES)
    plain = figures.to_json()
    assert plain["categories"] == [{"category": "exam", "reports": 3, "precision": 1.0, "recall": 1.0, "f1": 1.0}]
    assert plain["calibration_error"] == 0.1


def test_the_worst_errors_come_with_evidence(classifier: Classifier) -> None:
    """The most certain mistakes come first, with what spoke for the wrong and for the right category."""
    texts = ["周末又去监考公务员考试", "夜里值班看宿舍查寝"]
    messages = [Labelled(f"m{i}", "w", text, Kind.REPORT, ("contests",), (), None) for i, text in enumerate(texts)]
    mistakes = worst(messages, [classifier.classify(text) for text in texts], classifier=classifier)
    assert {(one.right, one.given) for one in mistakes} == {
        ("contests", "exam_duty"),
        ("contests", "non_teaching_duty"),
    }
    assert mistakes[0].confidence >= mistakes[1].confidence
    assert all(one.for_given[0].weight > 0 for one in mistakes)


def test_development_figures_hold(classifier: Classifier, pack: PolicyPack) -> None:
    """On messages of writers it never saw the shipped classifier stays above what was measured when it was learned."""
    messages = read_corpus("development")
    readings = [classifier.classify(one.text) for one in messages]
    figures = evaluate(messages, readings, categories=tuple(pack.category_by_id))
    assert figures.messages == 520
    assert figures.top1 > 0.68
    assert figures.top3 > 0.85
    assert figures.report_recall > 0.9
    assert figures.kind > 0.84
    assert figures.body > 0.84
