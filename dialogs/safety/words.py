"""What a text is cut into: thoughts, and words which know how they are meant."""

from dataclasses import dataclass
from enum import Enum


class Stance(Enum):
    """How a word is meant where it stands."""

    MEANT = "meant"
    DENIED = "denied"  # "мы не обещаем дохода": the denial reaches "дохода"
    ABSENT = "absent"  # "без риска", "риска нет", "не рискуете": the denial is of this very word
    OPEN = "open"  # asked, supposed, or told about others


@dataclass(slots=True)
class Word:
    """One word: `keys` are what patterns look for, `mark` is the punctuation before it."""

    text: str
    keys: frozenset[str]
    mark: str = ""
    stance: Stance = Stance.MEANT
    denials: int = 0
    own_denials: int = 0  # those of this very word, not inherited from its verb


@dataclass(frozen=True, slots=True)
class Thought:
    """A piece of a sentence no pattern looks across: what stands between full stops, or on one side of a "но"."""

    words: tuple[Word, ...]
    asked: bool
    sentence: int = 0

    @property
    def present(self) -> frozenset[str]:
        """The keys of all its words."""
        return frozenset().union(*(word.keys for word in self.words))
