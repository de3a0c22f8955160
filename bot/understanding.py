"""All that reads texts and speaks, built once: policy pack, classifier, masker, sentences."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.reporting import Examiner
from bot.settings import Settings
from bot.wording import Wording
from classifiers.classifier import Classifier, build_classifier
from classifiers.masking import Masker, build_masker
from classifiers.pack_loader import load_pack
from domain.policy_pack import PolicyPack


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """All that reads texts and speaks: the policy pack in the service's language, classifier, masker, sentences."""

    pack: PolicyPack
    classifier: Classifier
    masker: Masker
    wording: Wording

    def examiner(self, longest: int) -> Examiner:
        """Return what masks and then reads a text of at most `longest` characters."""
        return Examiner(self.masker, self.classifier, longest=longest)


def understanding(settings: Settings) -> Understanding:
    """Load the policy pack and what reads with it.

    Raises:
        PolicyPackError: the pack contradicts itself.
    """
    pack = load_pack()
    return Understanding(
        pack=pack.in_language(settings.service.language),
        classifier=build_classifier(pack),
        masker=build_masker(tuple(leaf.name for leaf in settings.tree.leaves)),
        wording=Wording(settings.service.language),
    )
