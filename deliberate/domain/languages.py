"""Which language a short text may be in: a hint for people who classify, never a fact.

The script settles it where one language prevails among those who write it; Latin letters are
told apart by frequent small words. A text that leaves doubt gives no hint.
"""

import re
from collections import Counter

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ur", re.compile("[\u0679\u0688\u0691\u06d2]")),
    ("fa", re.compile("[\u067e\u0686\u0698\u06af]")),
    ("ar", re.compile("[\u0620-\u064a]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("uk", re.compile("[\u0456\u0457\u0454\u0491]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("am", re.compile("[\u1200-\u137f]")),
)
_SMALL_WORDS = {
    "en": "the of and to in is are how what which should can be for by with that this or do",
    "fr": "le la les des du de et en dans une est sont que quels quelles comment pour par avec au",
    "es": "el la los las de del y en una es son que cómo cuáles para por con al se",
    "pt": "o a os as da do das dos e em uma é são que como quais para por com ao não",
    "de": "der die das und in den von zu ist sind wie welche für mit dem ein eine nicht auf",
    "it": "il lo la gli le di del della e in una è sono che come quali per con al si",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPT_SHARE = 0.3
"""From this share of a text's letters on, a script speaks for its language."""


def likely_language(text: str) -> str | None:
    """The BCP 47 tag of the language this text seems to be in, or None."""
    letters = sum(len(word) for word in _WORD.findall(text))
    if not letters:
        return None
    for language, letter in _SCRIPTS:
        own = len(letter.findall(text))
        enough = 1 if language in ("ur", "fa", "uk", "ja") else _SCRIPT_SHARE * letters
        if own >= enough and _prevails(language, text, letters):
            return language
    return _by_small_words(text)


def _prevails(language: str, text: str, letters: int) -> bool:
    """Whether the script around a language's own letters makes up enough of the text."""
    around = {"ur": "ar", "fa": "ar", "uk": "ru", "ja": "zh"}
    scripts = dict(_SCRIPTS)
    found = len(scripts[language].findall(text))
    if language in around:
        found += len(scripts[around[language]].findall(text))
    return found >= _SCRIPT_SHARE * letters


def _by_small_words(text: str) -> str | None:
    """The language that clearly more small words belong to than to any other, from two on."""
    words = [word.lower() for word in _WORD.findall(text)]
    hits = Counter(
        {language: sum(word in own for word in words) for language, own in _WORDS.items()}
    )
    (first, most), (_, second) = hits.most_common(2)
    return first if most >= 2 and most > second else None
