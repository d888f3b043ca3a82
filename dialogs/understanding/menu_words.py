"""The words a menu is asked for with: each token of a message beside what it means on this menu."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from content.menu.values import Group, Menu
from dialogs.understanding import morphology
from dialogs.understanding.closest import closest
from dialogs.understanding.normalise import clean, is_cyrillic

WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[,;+\n.!?]")
STEM = 5  # letters two words must share to be kin: "ванильный" and "ваниль"
# How people spell what is on every menu.
SPELLINGS = {
    "лате": "латте", "латэ": "латте", "латтэ": "латте", "latte": "латте", "капучинка": "капучино", "капуч": "капучино",
    "капуччино": "капучино", "каппучино": "капучино", "капучинно": "капучино", "капучинку": "капучино",
    "cappuccino": "капучино", "эспресо": "эспрессо", "экспрессо": "эспрессо", "экспресо": "эспрессо",
    "espresso": "эспрессо", "americano": "американо", "амерекано": "американо", "американку": "американо",
    "raf": "раф", "рафчик": "раф", "flat": "флэт", "флет": "флэт", "white": "уайт", "вайт": "уайт",
    "cacao": "какао", "мачта": "матча", "матчу": "матча", "маття": "матча", "круасан": "круассан",
    "круасcан": "круассан", "круассанчик": "круассан", "круасанчик": "круассан", "чискейк": "чизкейк",
    "чизкейка": "чизкейк", "мокко": "мокка", "кофий": "кофе", "кофеек": "кофе", "кофейку": "кофе",
}  # fmt: skip
NUMBERS = {
    "один": 1, "одна": 1, "одно": 1, "одну": 1, "один-единственный": 1, "два": 2, "две": 2, "двойку": 2, "пара": 2,
    "пару": 2, "парочку": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8, "девять": 9,
    "десять": 10,
}  # fmt: skip
# What every group of sizes understands, whatever its options are called: the first, the middle, the last of them.
SIZES = {
    "small": ("маленький", "мал", "малый", "мини", "s", "эска", "небольшой", "стандартный"),
    "middle": ("средний", "m", "м", "эмка", "обычный"),
    "large": ("большой", "l", "л", "элька", "биг", "макси", "побольше", "огромный"),
}
SIZE_NAMES = ("размер", "объем", "порция", "size", "volume")
# Words of politeness and of ordering: they name nothing.
EMPTY = re.compile(
    r"(?:пожалуйста|плиз|мне|нам|хочу|хочется|хотел\w*|можно|дай\w*|давай\w*|добавь\w*|добавить|положи\w*|сделай\w*|приготовь\w*|"
    r"закаж\w*|заказ\w*|возьм\w*|взять|буду|будем|нужен|нужно|нужна|надо|будьте|добры|добрый|день|утро|вечер|здравствуйте|привет|"
    r"спасибо|ну|же|бы|ли|тогда|это|эту|этот|той|тот|один|одну|штук\w*|шт|порци\w*|стакан\w*|чашк\w*|чашеч\w*|раз|собой|себе|там|"
    r"тоже|такой|самое|самый|просто|обычно|сейчас|сегодня|ещё|есть|у|вас|вы|вам|за|к|ко|о|об|мой|моя|мое|кофе|напиток|"
    r"ровно|только|лучше|все|всё|ой|а|вот|да|нет|не|но|или|что|как|оформ\w*|готов\w*|повтор\w*|меню|корзин\w*|отмен\w*|"
    r"добавк\w*|товарищ\w*|девушк\w*|друг\w*|брат|ребят\w*|верно|точно|хватит|конечно|ага|угу)"
)
LIGHT = frozenset(("с", "со", "на", "и", "без", "из", "в", "для", "по", "а", "не", "как"))


@dataclass(frozen=True, slots=True)
class Mark:
    """One token: what it is among the words of the menu."""

    text: str
    products: frozenset[tuple[str, str]] = frozenset()  # code of the product, and the word of its name that this is
    options: tuple[str, ...] = ()  # "milk:oat", everything it may mean
    groups: tuple[str, ...] = ()  # codes of groups it names: "без сиропа"
    number: float | None = None
    is_sure: bool = True  # else a likely misspelling
    forms: tuple[str, ...] = ()  # dictionary forms


@dataclass(slots=True)
class MenuWords:
    """The words of one menu; made once for each version of it."""

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)  # product -> the words of its name, by their forms
    shared: dict[str, set[str]] = field(default_factory=dict)  # group -> words of all its options: "ложка"
    shelves: set[str] = field(default_factory=set)  # words of the categories' names
    _wholes: dict[str, set[str]] = field(default_factory=dict)  # option -> all the words of its name
    negatives: dict[str, set[str]] = field(default_factory=dict)  # "sugar:none" -> what it is without
    _products: dict[str, set[tuple[str, str]]] = field(default_factory=dict)  # form -> what it is part of
    _options: dict[str, list[str]] = field(default_factory=dict)
    _groups: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, menu: Menu) -> "MenuWords":
        """Return the words of everything that stands on the menu, sold out or not."""
        book = cls()
        groups: dict[str, Group] = {}
        for product in (product for category in menu.categories for product in category.products):
            book._add_product(product.code, product.name)
            groups |= {group.code: group for group in product.groups}
        for group in groups.values():
            book._add_group(group)
        book.shelves = {form_of(word) for category in menu.categories for word in words_of(category.name)}
        return book

    def _add_product(self, code: str, name: str) -> None:
        words = [form for form in map(form_of, words_of(name)) if form not in LIGHT]
        self.names[code] = tuple(words)
        for word in words:
            self._products.setdefault(word, set()).add((code, word))

    def _add_group(self, group: Group) -> None:
        for form in {*map(form_of, words_of(group.name))} - LIGHT:
            self._groups.setdefault(form, []).append(group.code)
        names = {option.code: words_of(option.name) for option in group.options}
        common = _common(names.values())
        self.shared[group.code] = common
        for code, words in names.items():
            forms = {form_of(word) for word in words} - common - LIGHT
            if words[:1] in (["без"], ["не"]):
                self.negatives[f"{group.code}:{code}"] = forms
                continue
            self._wholes[f"{group.code}:{code}"] = forms
            denied = {form_of(word) for word in words[words.index("без") :]} if "без" in words else set()
            for form in forms - denied:  # "ваниль без сахара" is not asked for by "сахар"
                self._options.setdefault(form, []).append(f"{group.code}:{code}")
        if is_size(group):
            self._add_sizes(group)

    def _add_sizes(self, group: Group) -> None:
        options = [f"{group.code}:{option.code}" for option in group.options]
        places = {"small": options[:1], "large": options[-1:], "middle": options[1:2] if len(options) > 2 else []}
        for size, words in SIZES.items():
            for word in words:
                known = self._options.setdefault(word, [])
                known += [option for option in places[size] if option not in known and not self._has(group, known)]

    @staticmethod
    def _has(group: Group, known: Iterable[str]) -> bool:
        return any(option.startswith(f"{group.code}:") for option in known)

    def marked(self, text: str) -> list[Mark]:
        """Return the tokens of a message with what each is on this menu."""
        return [self._mark(token) for token in WORD.findall(clean(text))]

    def _mark(self, token: str) -> Mark:
        if token[0].isdigit():
            value = float(token.replace(",", "."))
            return Mark(token, options=tuple(self._options.get(token, ())), number=value)
        forms = forms_of(token)
        number = next((float(NUMBERS[form]) for form in (token, *forms) if form in NUMBERS), None)
        if EMPTY.fullmatch(token) and not any(form in self._products for form in forms):
            return Mark(token, number=number, forms=forms)
        products = frozenset(hit for form in forms for hit in self._products.get(form, ()))
        options = self._told_apart(_flat(self._options, forms), forms)
        groups = _flat(self._groups, forms)
        if products or options or groups or number is not None or token in LIGHT or len(token) < 4:
            return Mark(token, products, options, groups, number, forms=forms)
        return self._kin(token, forms)

    def _told_apart(self, options: tuple[str, ...], forms: tuple[str, ...]) -> tuple[str, ...]:
        """Of one group the option that is wholly named wins: "ваниль" is not "ваниль без сахара"."""
        whole = {option.partition(":")[0] for option in options if self._wholes.get(option, set()) <= set(forms)}
        return tuple(
            option
            for option in options
            if option.partition(":")[0] not in whole or self._wholes.get(option, set()) <= set(forms)
        )

    def _kin(self, token: str, forms: tuple[str, ...]) -> Mark:
        """Look for a word of the same root ("ванильный"), then for one a typing error away ("круасан")."""
        kin = [word for word in {*self._products, *self._options, *self._groups} if _are_kin(word, forms)]
        if kin:
            return self._as(token, kin, forms, is_sure=True)
        errors = 2 if len(token) >= 8 else 1
        known = [word for word in (*self._products, *self._options) if word[:1] == token[:1] and len(word) >= 4]
        near = closest(token, known, errors=errors)
        if near is None:
            return Mark(token, forms=forms)
        return self._as(token, [near], forms, is_sure=is_cyrillic(token) and not morphology.is_known(token))

    def _as(self, token: str, words: list[str], forms: tuple[str, ...], *, is_sure: bool) -> Mark:
        products = frozenset(hit for word in words for hit in self._products.get(word, ()))
        return Mark(token, products, _flat(self._options, words), _flat(self._groups, words), None, is_sure, forms)


def _common(names: Iterable[list[str]]) -> set[str]:
    """Return the words that all options of a group share, "молоко" of "овсяное молоко": they choose none of them."""
    sets = [{form_of(word) for word in words} for words in names]
    return set.intersection(*sets) if len(sets) > 1 else set()


def words_of(name: str) -> list[str]:
    """Return the words and figures of a name as it stands on the menu."""
    return [word for word in WORD.findall(clean(name)) if word not in ",;+\n.!?"]


def form_of(word: str) -> str:
    """Return the form by which a word is known."""
    return forms_of(word)[0]


def forms_of(word: str) -> tuple[str, ...]:
    """Return the dictionary forms a word may come from, its own spelling corrected."""
    word = SPELLINGS.get(word, word)
    if not is_cyrillic(word) or len(word) < 3:
        return (word,)
    forms = morphology.lemmas(word)
    # What the dictionary has never heard of keeps its spelling: "латте" must not become somebody's case.
    return tuple(dict.fromkeys((*forms, word))) if morphology.is_known(word) else (word, *forms)


def is_size(group: Group) -> bool:
    """Tell whether a group is about how much."""
    return any(name in clean(f"{group.name} {group.code}") for name in SIZE_NAMES)


def _are_kin(word: str, forms: Iterable[str]) -> bool:
    return len(word) >= STEM and any(len(form) >= STEM and form[:STEM] == word[:STEM] for form in forms)


def _flat(known: Mapping[str, list[str]], forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for form in forms for item in known.get(form, ())))
