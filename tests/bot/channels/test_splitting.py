"""Texts too long for one message, cut where a reader would breathe."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Abilities
from bot.channels.splitting import in_parts, split_text, utf16_length
from bot.messages import Button, Media, Outgoing

ABILITIES = Abilities(max_text=4096, max_caption=1024, captioned=frozenset({"photo"}))
PHOTO = Media("photo", "file-1")
BUTTONS = ((Button("Да", data="y"),),)


def test_a_short_message_stays_one() -> None:
    message = Outgoing("Привет", BUTTONS)
    assert in_parts(message, ABILITIES) == [message]


def test_a_long_text_is_cut_between_paragraphs_and_the_buttons_come_last() -> None:
    first, second = "а" * 3000 + ".", "б" * 3000
    parts = in_parts(Outgoing(f"{first}\n\n{second}", BUTTONS, hide_keyboard=True), ABILITIES)
    assert [part.text for part in parts] == [first, second]
    assert [part.buttons for part in parts] == [(), BUTTONS]
    assert [part.hide_keyboard for part in parts] == [False, True]


def test_without_paragraphs_it_is_cut_after_a_sentence_then_between_words() -> None:
    assert split_text("Раз два. Три четыре", 12) == ["Раз два.", "Три четыре"]
    assert split_text("раз два три", 8) == ["раз два", "три"]
    assert split_text("абвгдежз", 3) == ["абв", "где", "жз"]


def test_an_emoji_counts_as_two_and_is_never_halved() -> None:
    assert split_text("😀" * 5, 4) == ["😀😀", "😀😀", "😀"]


def test_a_caption_that_is_too_long_becomes_a_message_after_the_picture() -> None:
    assert in_parts(Outgoing("я" * 1024, BUTTONS, (PHOTO,)), ABILITIES) == [Outgoing("я" * 1024, BUTTONS, (PHOTO,))]
    assert in_parts(Outgoing("я" * 1025, BUTTONS, (PHOTO,)), ABILITIES) == [
        Outgoing("", media=(PHOTO,)),
        Outgoing("я" * 1025, BUTTONS),
    ]


def test_several_files_are_several_messages() -> None:
    sticker = Media("sticker", "file-2")
    assert in_parts(Outgoing("", BUTTONS, (PHOTO, sticker)), ABILITIES) == [
        Outgoing("", media=(PHOTO,)),
        Outgoing("", BUTTONS, (sticker,)),
    ]
    assert in_parts(Outgoing("Привет", media=(sticker,)), ABILITIES) == [
        Outgoing("", media=(sticker,)),
        Outgoing("Привет"),
    ]


def test_a_channel_that_carries_everything_in_one_message_is_left_alone() -> None:
    message = Outgoing("Привет", BUTTONS, (PHOTO, PHOTO))
    rich = Abilities(max_text=4096, max_caption=4096, captioned=frozenset({"photo"}), max_files=2)
    assert in_parts(message, rich) == [message]
    assert len(in_parts(Outgoing("Привет", BUTTONS, (PHOTO, PHOTO, PHOTO)), rich)) == 4


@given(st.text(alphabet=st.sampled_from("аб .\n😀"), max_size=200), st.integers(min_value=2, max_value=40))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(0 < utf16_length(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
