"""The file people edit, `prompts/safety_policies.txt`: word groups, rules, safe replacements; each finding names its line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from dialogs.safety.lexicon import Lexicon
from dialogs.safety.patterns import BadPattern, Pattern, Wanted, by_key, compile_pattern

SHIPPED = Path(__file__).resolve().parents[2] / "prompts" / "safety_policies.txt"
_HEADER = re.compile(r"\[\s*(группа|правило|подозрение)\s+([\w-]+)\s*\]$")
_FIELD = re.compile(r"([а-яё ]+?)\s*:\s*(.+)$", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{\{|\}\}")
_GROUP_NAME = re.compile(r"@([\w-]+)")
# What a person writes before the colon, and where it is kept.
FIELDS = {
    "название": "titles",
    "нельзя": "forbidden",
    "можно": "allowed",
    "можно рядом": "allowed_near",
    "замена": "replacements",
    "пример нельзя": "bad_examples",
    "пример можно": "good_examples",
}


class BadPolicies(ValueError):
    """The file cannot be used; each problem names its line and what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass
class Rule:
    """One rule as written; what it looks for in a reply, or, of a suspicion, in a customer's words."""

    name: str
    line: int
    is_suspicion: bool = False
    titles: list[str] = field(default_factory=list)
    forbidden: list[Pattern] = field(default_factory=list)
    allowed: list[Pattern] = field(default_factory=list)
    allowed_near: list[Pattern] = field(default_factory=list)
    replacements: list[str] = field(default_factory=list)
    bad_examples: list[str] = field(default_factory=list)
    good_examples: list[str] = field(default_factory=list)
    _by_key: dict[str, list[int]] | None = field(default=None, repr=False, compare=False)

    def worth_trying(self, present: frozenset[str]) -> list[Pattern]:
        """Return the forbidden patterns that words with these keys could match, in their order: a few of hundreds."""
        if self._by_key is None:
            self._by_key = by_key(self.forbidden)
        numbers = {number for key in self._by_key.keys() & present for number in self._by_key[key]}
        return [self.forbidden[number] for number in sorted(numbers)]

    @property
    def title(self) -> str:
        """What people call it."""
        return self.titles[0] if self.titles else self.name


@dataclass(frozen=True)
class Policies:
    """All the rules of one version of the file."""

    rules: Mapping[str, Rule]
    suspicions: Mapping[str, Rule]
    lexicon: Lexicon


def parse(text: str) -> Policies:
    """Read the file's text; raises `BadPolicies` with every problem found."""
    reader = _Reader()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        reader.take(number, line.strip())
    reader.check()
    if reader.problems:
        raise BadPolicies(reader.problems)
    rules = {rule.name: rule for rule in reader.rules if not rule.is_suspicion}
    suspicions = {rule.name: rule for rule in reader.rules if rule.is_suspicion}
    return Policies(rules, suspicions, Lexicon(reader.groups, set(reader.loose())))


@lru_cache(maxsize=8)
def read_policies(path: Path) -> Policies:
    """Return the rules of a file; a version file never changes once used, so it is read once."""
    return parse(path.read_text(encoding="utf-8"))


def shipped() -> Policies:
    """Return the rules that are delivered."""
    return read_policies(SHIPPED)


class _Reader:
    """Reads line by line and remembers what was wrong."""

    def __init__(self) -> None:
        self.groups: dict[str, list[str]] = {}
        self.rules: list[Rule] = []
        self.problems: list[str] = []
        self._group: str | None = None
        self._used: list[tuple[int, str]] = []

    def take(self, number: int, line: str) -> None:
        """Read one line."""
        if not line or line.startswith("#"):
            return
        if header := _HEADER.match(line):
            self._begin(number, header[1], header[2])
        elif line.startswith("["):
            self._complain(number, f"{line!r} is no header; write [группа имя], [правило имя] or [подозрение имя]")
        elif self._group is not None:
            self._take_words(number, line)
        elif self.rules:
            self._take_field(number, line)
        # what stands above the first header is for people and for the model

    def _begin(self, number: int, kind: str, name: str) -> None:
        self._group = name if kind == "группа" else None
        if kind == "группа":
            if name in self.groups:
                self._complain(number, f"the group {name!r} is there already; put its words together")
            self.groups.setdefault(name, [])
        else:
            if any(rule.name == name for rule in self.rules):
                self._complain(number, f"the rule {name!r} is there already; each name once")
            self.rules.append(Rule(name, number, is_suspicion=kind == "подозрение"))

    def _take_words(self, number: int, line: str) -> None:
        for word in line.split(","):
            word = word.strip().strip('"').lower().replace("ё", "е")
            if not word:
                continue
            if not re.fullmatch(r"[@=]?[\w'%/-]+\*?(?: [\w'%/-]+)*", word):
                self._complain(number, f"{word!r} is no word; part words by commas, end a stem with *")
            if word.startswith("@"):
                self._used.append((number, word[1:]))
            self.groups[str(self._group)].append(word)

    def _take_field(self, number: int, line: str) -> None:
        match = _FIELD.match(line)
        name = FIELDS.get(match[1].lower()) if match else None
        if match is None or name is None:
            self._complain(
                number, f"{line[:40]!r}: a line of a rule begins with one of: {', '.join(FIELDS)}, and a colon"
            )
            return
        value: str | Pattern = match[2].strip()
        if name in ("forbidden", "allowed", "allowed_near"):
            try:
                value = compile_pattern(match[2].strip(), Wanted.MEANT if name == "forbidden" else Wanted.ANY)
            except BadPattern as error:
                self._complain(number, f"{error}")
                return
            self._used += [(number, group) for group in _GROUP_NAME.findall(match[2].lower().replace("ё", "е"))]
        elif name == "replacements" and (found := _PLACEHOLDER.search(match[2])):
            self._complain(number, f"{found[0]}: a replacement is said as it stands, without placeholders")
        getattr(self.rules[-1], name).append(value)

    def check(self) -> None:
        """Look for what no single line shows."""
        for number, group in self._used:
            if group not in self.groups:
                self._complain(number, f"there is no group @{group}; add [группа {group}] or correct the name")
        for rule in self.rules:
            if not rule.is_suspicion and not rule.replacements:
                self._complain(rule.line, f"the rule {rule.name!r} has no `замена:`; say what is sent instead")
        if not self.rules:
            self._complain(1, "there is no rule in the file; a rule begins with [правило имя]")

    def loose(self) -> Iterator[str]:
        """Yield the words the patterns name themselves."""
        for rule in self.rules:
            for pattern in (*rule.forbidden, *rule.allowed, *rule.allowed_near):
                for chain in pattern.chains:
                    for item in chain:
                        yield from (key for keys in item.all_of for key in keys if key[0] not in "@#")

    def _complain(self, number: int, problem: str) -> None:
        self.problems.append(f"line {number}: {problem}")
