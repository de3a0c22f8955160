"""Evidence -> demanding body."""

from __future__ import annotations

from classifiers.features import Reading
from classifiers.kind import chosen
from classifiers.linear import LinearModel
from domain.classification import Body, Evidence

NOBODY = "none"
"""The class of texts that neither name nor imply who demands the burden."""


class BodyClassifier:
    """Says which office demands the burden of a report."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def decide(self, reading: Reading) -> Body | None:
        """Return the body, or None where nobody is named or implied."""
        name = chosen(self._model, self._model.scores(reading))
        return None if name == NOBODY else Body(name)

    def evidence(self, reading: Reading, body: Body | None) -> tuple[Evidence, ...]:
        """Return what spoke for and against a body."""
        return self._model.evidence(reading, body or NOBODY)
