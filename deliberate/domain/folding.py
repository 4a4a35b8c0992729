"""Words as search compares them: one form for every way to write a letter, with the way back.

The databases never see a text, only the tokens made here, so that both find the same. Letters are
taken apart by compatibility (NFKD, Unicode Standard Annex 15) and lose case and the marks of
Latin, Greek, Cyrillic, Hebrew and Arabic. Arabic letters that are typed one for another become
one, as in the orthographic normalisation of Larkey, Ballesteros and Connell (2002, "Improving
stemming for Arabic information retrieval", SIGIR). Scripts that write without spaces give
overlapping pairs of letters, as the CJK analyser of Lucene does.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_WORD = 64
"""Letters of a word that are compared; PostgreSQL refuses words of more than 2046 bytes."""
MOST_TOKENS = 16_000
"""Tokens of a text that are found: PostgreSQL numbers no place beyond 16383."""
MOST_REPEATS = 250
"""Times one token is found in a text: PostgreSQL keeps at most 255 places of it."""
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    # Marks that only choose how a letter or a sign is drawn.
    "\u20d0-\u20ff\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_VARIANTS = str.maketrans(
    {
        "\u0671": "\u0627",  # alef wasla, as alef
        "\u0649": "\u064a",  # alef maksura, as yeh
        "\u06cc": "\u064a",  # Farsi yeh, as yeh
        "\u0629": "\u0647",  # teh marbuta, as heh
        "\u06c1": "\u0647",  # Urdu heh, as heh
        "\u06a9": "\u0643",  # keheh, as kaf
        "\u0640": "",  # tatweel only stretches a word
        "\u0131": "i",
        "\u0142": "l",
        "\u00f8": "o",
        "\u0111": "d",
        "\u00e6": "ae",
        "\u0153": "oe",
    }
)
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
_ZERO_WIDTH_SPACE = "\u200b"
_PLAIN_WORD = re.compile("[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Token:
    """What is matched, and where it stands in the text: from `start` to before `end`.

    In scripts without spaces a token begins at every letter and takes the next one with it;
    `letter_end` is where its own letter ends. Elsewhere it is the end of the word.
    """

    text: str
    place: int
    start: int
    end: int
    letter_end: int

    @property
    def is_pair(self) -> bool:
        """Whether it belongs to a script without spaces."""
        return _WITHOUT_SPACES.match(self.text) is not None


@dataclass(slots=True)
class _Letter:
    """A letter with the marks that follow it, folded, and its place in the text."""

    text: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """The tokens of a text in order; beyond the limits above nothing is found."""
    if text.isascii():
        return _plain_tokens(text)
    found: list[Token] = []
    for word in _words(text):
        is_apart = _WITHOUT_SPACES.match(word[0].text) is not None
        found.extend(_pairs(word, len(found)) if is_apart else (_token(word, len(found)),))
        if len(found) >= MOST_TOKENS:
            break
    return found[:MOST_TOKENS]


def _plain_tokens(text: str) -> list[Token]:
    """The same for ASCII alone, many times faster."""
    return [
        Token(word[0][:LONGEST_WORD].lower(), place, word.start(), word.end(), word.end())
        for place, word in zip(range(MOST_TOKENS), _PLAIN_WORD.finditer(text), strict=False)
    ]


def _words(text: str) -> Iterator[list[_Letter]]:
    """Runs of letters: words, and stretches of scripts that write without spaces."""
    word: list[_Letter] = []
    for at, character in enumerate(text):
        folded, joins = _fold(character)
        if folded is None:
            if word:
                yield word
            word = []
        elif joins and word:
            word[-1].text += folded
            word[-1].end = at + 1
        elif folded:
            if word and _is_apart(folded) != _is_apart(word[0].text):
                yield word
                word = []
            word.append(_Letter(folded, at, at + 1))
    if word:
        yield word


@lru_cache(maxsize=20_000)
def _fold(character: str) -> tuple[str | None, bool]:
    """A character as it is compared, and whether it belongs to the letter before it.

    Nothing ("") for one that only changes how others look, None for one that parts words.
    """
    if character == _ZERO_WIDTH_SPACE:
        return None, False
    category = unicodedata.category(character)
    if category == "Cf":
        return "", True
    parted = unicodedata.normalize("NFKD", character).casefold()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", parted)).translate(_VARIANTS)
    letters = "".join(_digit(each) for each in plain if unicodedata.category(each)[0] in "LMN")
    if letters:
        return letters, unicodedata.category(letters[0])[0] == "M"
    return ("" if category[0] in "LM" else None), True


def _digit(character: str) -> str:
    """A digit of any script as one of ours; everything else as it is."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _is_apart(folded: str) -> bool:
    return _WITHOUT_SPACES.match(folded) is not None


def _token(word: list[_Letter], place: int) -> Token:
    text = "".join(letter.text for letter in word)[:LONGEST_WORD]
    return Token(text, place, word[0].start, word[-1].end, word[-1].end)


def _pairs(letters: list[_Letter], place: int) -> Iterator[Token]:
    """A token for every letter: itself and the next one; the last letter stands alone."""
    for number, letter in enumerate(letters):
        pair = letters[number : number + 2]
        text = "".join(each.text for each in pair)[:LONGEST_WORD]
        yield Token(text, place + number, letter.start, pair[-1].end, letter.end)
