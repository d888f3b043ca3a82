"""A message as words: each with the forms it can be matched by, and where sentences and parts of sentences begin."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.understanding import morphology
from dialogs.understanding.normalise import clean, is_cyrillic, is_latin
from dialogs.understanding.speller import Speller

MAX_KNOWN = 20_000  # words remembered with their keys; people use far fewer
MAX_WORDS = 150  # a longer message is read by its beginning: nobody asks a shop a question in the third page

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?://|www\.)\S+|\bt\.me/\S+")
_CHUNK = re.compile(r"\S+|\n")
_PIECE = re.compile(
    r"#(?:email|url)\b|[^\W_]+(?:[*@$#][^\W_]*|[*]+)+|[*@$#]+[^\W\d_]+|\d+(?:[.,]\d+)*|[^\W\d_]+\d[^\W_]*"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W_]+)*|[?!.…,;:()\n/—–]|-|\+"
)
_SENTENCE_END = frozenset("?!.…;\n")
_PART_END = frozenset(",:()/—–-")
_LETTERS_APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]){3,}[^\W\d_](?![^\W_])")
_KINDS = {"INFN": "#inf", "NOUN": "#noun", "ADJF": "#adj"}
_ASKING_VERBS = frozenset(("@want", "мочь", "искать", "интересоваться", "смочь", "просить", "найти", "узнать"))
_OR_NOT = re.compile(r"\b(?:или|или же|аль) (?:нет|не|как|что)\b")  # "или нет?" denies nothing
_LAYOUT_INSIDE = re.compile(r"[a-z\[\];',.`]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `keys` are what patterns look for, `feature` is what nearness counts."""

    text: str
    raw: str
    keys: frozenset[str]
    feature: str
    sentence: int
    part: int
    apart: bool  # a mark or a joining word stands before it
    starts: bool  # nothing but fillers stands before it in its part

    @property
    def is_own_act(self) -> bool:
        """Tell whether the speaker says what they do: "пишу", but not "хочу" or "ищу", which ask."""
        return "#1sg" in self.keys and not self.keys & _ASKING_VERBS

    @property
    def is_past(self) -> bool:
        """Tell whether it is a verb in the past."""
        return is_cyrillic(self.text) and bool("past" in morphology.parse(self.text)[0].tag)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known about words: how to correct them, which belong together, which say nothing."""

    speller: Speller
    groups: Mapping[str, frozenset[str]]  # lemma or =form to the names of its groups, "@phone"
    features: Mapping[str, str]  # lemma to the word that stands for its synonyms
    fillers: frozenset[str]  # forms skipped everywhere: "пожалуйста", "ну", "же"
    joints: frozenset[str]  # forms that begin a new part: "и", "а", "но"
    openers: frozenset[str]  # forms after which a new part begins: "привет", "спасибо", "ок"
    known: dict[str, tuple[frozenset[str], str]] = field(default_factory=dict, compare=False, repr=False)  # words met

    @property
    def ignored(self) -> frozenset[str]:
        """The forms which never become tokens."""
        return self.fillers | self.joints


@dataclass(frozen=True, slots=True)
class Words:
    """A message cut into tokens."""

    tokens: tuple[Token, ...]
    asked: frozenset[int]  # numbers of the sentences which end in a question mark
    skipped: frozenset[str]  # fillers left out
    marks: str  # punctuation met, in order: tells "?" from "..." when there are no words


def split(text: str, vocabulary: Vocabulary) -> Words:
    """Cut the text into tokens, fillers left out."""
    tokens: list[Token] = []
    asked: set[int] = set()
    marks: list[str] = []
    sentence = part = 0
    starts = apart = True
    skipped: set[str] = set()
    pieces = _pieces(text, vocabulary.speller)
    english = vocabulary.speller.speaks_english(pieces)
    for piece in pieces:
        if piece in _SENTENCE_END or piece in _PART_END:
            marks.append(piece)
            if piece == "?":
                asked.add(sentence)
            sentence, part, starts = sentence + (piece in _SENTENCE_END), part + 1, True
            apart = True
        elif piece in vocabulary.joints:
            part, starts, apart = part + 1, True, True
        elif (word := vocabulary.speller.correct(piece, english=english)) not in vocabulary.fillers:
            tokens.append(_token(word, piece, vocabulary, sentence, part, apart, starts))
            apart, starts = False, word in vocabulary.openers
            part += starts
        else:
            skipped.add(word)
        if len(tokens) >= MAX_WORDS:
            break
    return Words(tuple(tokens), frozenset(asked), frozenset(skipped), "".join(marks))


def _token(word: str, raw: str, vocabulary: Vocabulary, sentence: int, part: int, apart: bool, starts: bool) -> Token:
    keys, feature = word_keys(word, vocabulary)
    return Token(word, raw, keys, feature, sentence, part, apart, starts)


def word_keys(word: str, vocabulary: Vocabulary) -> tuple[frozenset[str], str]:
    """Return all the keys a word can be matched by, and its feature for nearness."""
    if word[0].isdigit():
        return frozenset(("#num", f"={word}")), "#num"
    met = vocabulary.known.get(word)
    if met is None:
        if len(vocabulary.known) >= MAX_KNOWN:
            vocabulary.known.clear()
        met = vocabulary.known[word] = _look_up(word, vocabulary)
    return met


def _look_up(word: str, vocabulary: Vocabulary) -> tuple[frozenset[str], str]:
    forms = morphology.lemmas(word) if is_cyrillic(word) else (word,)
    keys = {f"={word}", *forms, word, *_part_of_speech(word)}
    for key in tuple(keys):
        keys |= vocabulary.groups.get(key, frozenset())
    feature = next((vocabulary.features[form] for form in (word, *forms) if form in vocabulary.features), forms[0])
    return frozenset((*keys, feature)), feature


def _part_of_speech(word: str) -> tuple[str, ...]:
    """Return the key for the kinds of words patterns may ask for."""
    if not is_cyrillic(word):
        return ()
    tag = morphology.parse(word)[0].tag
    kinds = [_KINDS[tag.POS]] if tag.POS in _KINDS else []
    return (*kinds, "#1sg") if {"1per", "sing", "indc"}.issubset(tag.grammemes) else tuple(kinds)


def _pieces(text: str, speller: Speller) -> list[str]:
    text = _URL.sub(" #url ", _EMAIL.sub(" #email ", clean(text)))
    text = _OR_NOT.sub(" ", text)
    text = _LETTERS_APART.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), text)
    pieces: list[str] = []
    for chunk in _CHUNK.findall(text):
        pieces += _pieces_of_chunk(chunk, speller)
    return pieces


def _pieces_of_chunk(chunk: str, speller: Speller) -> list[str]:
    """Cut one run without spaces; "lj,hsq" must not be cut at the comma, which is a Russian letter there."""
    if is_latin(chunk) and _LAYOUT_INSIDE.fullmatch(chunk.rstrip("?!")) and re.search(r"[a-z][\[\];',.`][a-z]", chunk):
        corrected = speller.correct(chunk.rstrip("?!"))
        if is_cyrillic(corrected):
            return [corrected, *chunk[len(chunk.rstrip("?!")) :]]
    return [part for piece in _PIECE.findall(chunk) for part in _parts_of_compound(piece, speller)]


def _parts_of_compound(piece: str, speller: Speller) -> list[str]:
    if "-" in piece and len(piece) > 1 and not speller.knows(piece):
        return [part for part in piece.split("-") if part]
    return [piece.replace("'", "").replace("’", "")] if piece[0].isalpha() and is_latin(piece) else [piece]
