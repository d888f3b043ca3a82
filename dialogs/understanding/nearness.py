"""How near a message is to known phrases: cosine of weighted words, so rare words decide and common ones hardly count."""

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Near:
    """A known phrase near the message: its label, cosine, and how much of the phrase the message covers."""

    label: str
    cosine: float
    covered: float


class Weights:
    """What a word is worth: rarer in the background, worth more (inverse document frequency)."""

    def __init__(self, background: Iterable[Sequence[str]], *, light: frozenset[str]) -> None:
        documents = [set(features) for features in background]
        counts = Counter(feature for features in documents for feature in features)
        self._idf = {feature: math.log((len(documents) + 1) / (count + 0.5)) for feature, count in counts.items()}
        self._unseen = math.log((len(documents) + 1) / 0.5)
        self._light = light

    def vector(self, features: Sequence[str]) -> dict[str, float]:
        """Return the weighted vector of length one; empty when there are no words."""
        raw = {feature: self.of(feature) for feature in features}
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {feature: value / length for feature, value in raw.items()} if length else {}

    def of(self, feature: str) -> float:
        """Return the weight of one word."""
        weight = self._idf.get(feature, self._unseen)
        return weight * 0.15 if feature in self._light else weight


class Bank:
    """Known phrases with their labels, searched through an inverted index."""

    def __init__(self, phrases: Iterable[tuple[str, Sequence[str]]], weights: Weights) -> None:
        self._weights = weights
        self._labels: list[str] = []
        self._index: dict[str, list[tuple[int, float]]] = {}
        for label, features in phrases:
            for feature, weight in weights.vector(features).items():
                self._index.setdefault(feature, []).append((len(self._labels), weight))
            self._labels.append(label)

    def nearest(self, features: Sequence[str]) -> list[Near]:
        """Return the nearest phrase of each label, the nearest label first."""
        cosines: dict[int, float] = {}
        covered: dict[int, float] = {}
        for feature, weight in self._weights.vector(features).items():
            for phrase, its_weight in self._index.get(feature, ()):
                cosines[phrase] = cosines.get(phrase, 0.0) + weight * its_weight
                covered[phrase] = covered.get(phrase, 0.0) + its_weight * its_weight
        best: dict[str, Near] = {}
        for phrase, cosine in cosines.items():
            label = self._labels[phrase]
            if label not in best or cosine > best[label].cosine:
                best[label] = Near(label, cosine, covered[phrase])
        return sorted(best.values(), key=lambda near: -near.cosine)


def with_pairs(features: Sequence[str]) -> list[str]:
    """Add neighbouring pairs, so that "не дам" is more than "не" and "дам"."""
    return [*features, *(f"{first} {second}" for first, second in itertools.pairwise(features))]
