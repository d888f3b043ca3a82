"""Finds what a message does: by patterns, then by nearness to examples where no pattern speaks."""

import itertools
from collections.abc import Sequence

from dialogs.engine.reading import Intent
from dialogs.understanding.knowledge import Knowledge
from dialogs.understanding.nearness import Bank, Weights, with_pairs
from dialogs.understanding.patterns import Match
from dialogs.understanding.tokens import Token, Vocabulary, Words, split

_NEAR_ENOUGH = 0.7
_NEGATIONS = frozenset(("=не", "=ни", "=без", "=dont", "=not"))
_WEAK_VERBS = frozenset(
    ("надо", "нужно", "стоит", "хочу", "буду", "собираюсь", "требуется", "прошу", "просил", "просила", "нужен", "нужна")
)
_REPORTING = frozenset(("говорить", "сказать", "утверждать", "писать", "написать", "отказываться", "против"))

Findings = dict[Intent, set[int]]  # the tokens that speak for each intent


class IntentBook:
    """The shipped intents over one vocabulary."""

    def __init__(self, knowledge: Knowledge, words: Vocabulary) -> None:
        self._book = knowledge.intents
        examples = [
            (intent, with_pairs([token.feature for token in split(phrase, words).tokens]))
            for intent, phrase in knowledge.examples
        ]
        self._bank = Bank(examples, Weights([features for _, features in examples], light=frozenset()))

    def find(self, words: Words) -> Findings:
        """Return the intents found and the tokens which speak for them."""
        tokens = words.tokens
        cancelled = {(match.label, tokens[match.start].sentence) for match in self._book.unless.find(tokens)}
        found: Findings = {}
        silenced: set[int] = set()  # sentences in which something was said and then taken back by a "not"
        for match in self._book.found.find(tokens):
            if (match.label, tokens[match.start].sentence) in cancelled or self._is_turned(match, tokens):
                silenced.add(tokens[match.start].sentence)
            else:
                found.setdefault(Intent(match.label), set()).update(match.used)
        self._add_near(tokens, found, silenced)
        return found

    def _is_turned(self, match: Match, tokens: Sequence[Token]) -> bool:
        """Tell whether what stands before the match turns it into its opposite."""
        before = [token for token in tokens[: match.start] if token.sentence == tokens[match.start].sentence]
        if _is_reported(before) and match.label not in self._book.unturned:
            return True
        if match.negative or match.label in self._book.unturned or not before:
            return False
        if before[-1].keys & _NEGATIONS:
            return True
        return len(before) > 1 and before[-1].text in _WEAK_VERBS and bool(before[-2].keys & _NEGATIONS)

    def _add_near(self, tokens: Sequence[Token], found: Findings, silenced: set[int]) -> None:
        """Ask the examples about sentences in which no pattern spoke."""
        spoken = {tokens[at].sentence for used in found.values() for at in used} | silenced
        for sentence in {token.sentence for token in tokens} - spoken:
            places = [at for at, token in enumerate(tokens) if token.sentence == sentence]
            nearest = self._bank.nearest(with_pairs([tokens[at].feature for at in places]))
            if nearest and nearest[0].cosine >= _NEAR_ENOUGH and len(places) > 1:
                found.setdefault(Intent(nearest[0].label), set()).update(places)


def _is_reported(before: Sequence[Token]) -> bool:
    """Tell whether the words follow "я не говорил, что …"."""
    return any(first.keys & _NEGATIONS and second.keys & _REPORTING for first, second in itertools.pairwise(before))
