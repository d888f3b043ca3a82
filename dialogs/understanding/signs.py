"""What is said without words: emoji, signs, bare numbers, code."""

import re

from dialogs.engine.reading import Intent
from dialogs.understanding.normalise import clean

_EMOJI = re.compile(
    "[\u200d\u20e3\ufe0f\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u231a-\u23ff\u2460-\u24ff\u25aa-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_SMILEY = re.compile(
    r"(?<!\w)[:;=][-~']?[)(DPpОоO/|*\]\[]+(?!\w)|(?<![\w\d])[xXхХ][DdДд](?!\w)|\){2,}|\({2,}|<3|\^_*\^"
)
_YES = frozenset(("+", "++", "+++", "👍", "✅", "👌", "🆗", "✔", "💯", "☑"))
_NO = frozenset(("-", "—", "👎", "❌", "🙅", "⛔", "🚫", "➖", "🙅‍♀", "🙅‍♂"))
_HANDS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d\u2640\u2642]")  # skin colours and the like
_NUMBER = re.compile(r"[\d\s.,+()№#-]*\d[\d\s.,()-]*")
_CODE = re.compile(
    r"</?[a-z][^>]*>|\{\{.*\}\}|\{%|\$\{|'\s*(?:or|and)\s+'?\d|;\s*(?:drop|select|delete|update)\b|\bselect\b.+\bfrom\b"
    r"|\bdrop\s+table\b|\bunion\s+select\b|\brm\s+-rf\b|\b(?:eval|exec|alert|system)\(|\.\./\.\.|javascript:|\bsudo\s",
    re.IGNORECASE | re.DOTALL,
)


def without_smileys(text: str) -> str:
    """Return the text without emoji and smileys: they must not part words or look like punctuation."""
    return _SMILEY.sub(" ", _EMOJI.sub(" ", text))


def read_signs(text: str) -> Intent | None:
    """Return what a text without any word says, None when it has words."""
    signs = clean(text)
    if not signs:
        return Intent.EMPTY
    bare = _HANDS.sub("", signs).replace(" ", "")
    if bare in _YES or (bare and set(bare) <= _YES):
        return Intent.AFFIRM
    if bare in _NO or (bare and set(bare) <= _NO):
        return Intent.DENY
    if _NUMBER.fullmatch(signs):
        return Intent.NUMBER
    if re.search(r"\w", without_smileys(signs)):
        return None
    if _EMOJI.search(signs) or _SMILEY.search(signs):
        return Intent.EMOJI
    return Intent.CONFUSED if "?" in signs else Intent.GIBBERISH


def looks_like_code(text: str) -> bool:
    """Tell whether somebody tries a program, a template or a query on us."""
    return _CODE.search(text) is not None
