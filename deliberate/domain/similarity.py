"""Which questions ask the same: texts compared by the rare words and pairs of words they share.

Terms are weighted by inverse document frequency (Spärck Jones 1972, Journal of Documentation
28(1)) and compared by the cosine of their vectors (Salton, Wong and Yang 1975, Communications
of the ACM 18(11)). Endings of English words are cut with rules in the manner of the S-stemmer
(Harman 1991, Journal of the American Society for Information Science 42(1)). Scripts that write
without spaces give overlapping pairs of letters, as the CJK analyser of Lucene does.

An inverted index (Zobel and Moffat 2006, ACM Computing Surveys 38(2)) touches only texts that
share a term with the one asked about, so that ten thousand questions are searched at once.
Nothing is drawn at random: the same texts give the same answer on every machine.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

THRESHOLD = 0.53
"""Texts that are less alike than this are not taken for the same question.

Chosen on the questions of real pages of 2020 and 2021 and their rewordings: it lies between the
pairs that ask the same and those that only speak of the same thing (tests hold it there).
"""
CLOSE, ALMOST_EQUAL = 0.7, 0.9
PAIR_WEIGHT = 0.5
"""Two words that follow each other say more than both apart, but word order varies."""
PRIOR = 100
"""So many unknown questions are assumed, so that the first few do not make every word common."""
LONGEST = 4_000
"""Letters of a text that are looked at: no question is longer, and time stays bounded."""
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_PHRASES = {
    "united nations": "un",
    "internet governance forum": "igf",
    "artificial intelligence": "ai",
    "sustainable development goals": "sdgs",
    "nations unies": "onu",
    "naciones unidas": "onu",
}
_COMMON = (
    # English: articles, pronouns, auxiliaries, and the words that make a sentence a question.
    "a about all also an and any are as at be been being but by can could did do does for from had"
    " has have how i if in into is it its itself may might more most must my no not of on or other"
    " our should so some such than that the their them then there these they this those to too us"
    " was we were what when where whether which while who whom whose why will with would you your"
    " advance advancing ensure ensuring need needed order part play role take"
    # French and Spanish, the other languages of questions so far.
    " au aux ce ces comment dans de des du elle en est et etre il ils la le les leur leurs ou par"
    " pas plus pour qu que quel quelle quelles quels qui quoi sa se ses son sont sur un une"
    " al como con cual cuales del el ella ellos es esta este lo los las para pero por quien ser"
    " si sin sobre su sus una uno y"
    # What an apostrophe leaves of "Secretary-General's", "don't", "l'accès".
    " c d j l ll m n re s t ve"
)
_STOP_WORDS = frozenset(_COMMON.split())
_ENDINGS = (("ies", "y"), ("ings", ""), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
_KEPT_ENDINGS = ("ss", "us", "is")
_SHORTEST_STEM = 4


class Likeness(StrEnum):
    """How alike two texts are, in a word."""

    SIMILAR = "similar"
    CLOSE = "close"
    ALMOST_EQUAL = "almost_equal"

    @property
    def label(self) -> str:
        """How alike, as pages say it."""
        return LIKENESS_LABELS[self]


LIKENESS_LABELS = {
    Likeness.SIMILAR: "some of the same words",
    Likeness.CLOSE: "mostly the same words",
    Likeness.ALMOST_EQUAL: "nearly the same words",
}


@dataclass(frozen=True, slots=True)
class Match:
    """A text that was found; its `score` is 1 when the same telling words stand in one order."""

    key: int
    score: float

    @property
    def likeness(self) -> Likeness:
        """The score in a word."""
        return likeness_of(self.score)


class Index:
    """Texts by the terms in them; texts come and go without looking at the others.

    Equal scores are told in the order of keys.
    """

    def __init__(self, texts: Mapping[int, str] | None = None) -> None:
        self._vectors: dict[int, Mapping[str, float]] = {}
        self._holders: dict[str, set[int]] = {}
        # The lengths of vectors, worked out when asked for and good until a text comes or goes.
        self._lengths: dict[int, float] = {}
        for key, text in (texts or {}).items():
            self.put(key, text)

    def put(self, key: int, text: str) -> None:
        """Add a text, or put it in the place of the one that had this key."""
        self.remove(key)
        self._vectors[key] = terms(text)
        for term in self._vectors[key]:
            self._holders.setdefault(term, set()).add(key)

    def remove(self, key: int) -> None:
        """Forget a text; one that is not there is not missed."""
        self._lengths.clear()
        for term in self._vectors.pop(key, {}):
            self._holders[term].discard(key)

    def find(self, text: str, threshold: float = THRESHOLD) -> list[Match]:
        """The texts at least this alike, the most alike first."""
        asked = self._unit(terms(text))
        found = [Match(key, self._score(asked, key)) for key in self._candidates(asked, threshold)]
        alike = [match for match in found if match.score >= threshold]
        return sorted(alike, key=lambda match: (-match.score, match.key))

    def _candidates(self, asked: Mapping[str, float], threshold: float) -> set[int]:
        """The texts that can reach the threshold: those that share one of the rarer terms.

        By the inequality of Cauchy and Schwarz, no text can score more than the length of what
        is left of the vector, so the common terms behind that point need not be looked up.
        """
        left, keys = 1.0, set[int]()
        for term, weight in sorted(asked.items(), key=lambda item: (-item[1], item[0])):
            if math.sqrt(max(left, 0.0)) < threshold:
                break
            keys |= self._holders.get(term, set())
            left -= weight * weight
        return keys

    def _score(self, asked: Mapping[str, float], key: int) -> float:
        """The cosine, rounded so that the order of additions cannot decide between equals."""
        other = self._vectors[key]
        if key not in self._lengths:
            self._lengths[key] = self._length(other)
        shared = math.fsum(
            weight * other[term] * self._rarity(term)
            for term, weight in asked.items()
            if term in other
        )
        return round(min(shared / self._lengths[key], 1.0), 6)

    def _unit(self, vector: Mapping[str, float]) -> dict[str, float]:
        """The vector with its terms weighed by their rarity, of length 1."""
        length = self._length(vector)
        return {term: weight * self._rarity(term) / length for term, weight in vector.items()}

    def _length(self, vector: Mapping[str, float]) -> float:
        weights = (weight * self._rarity(term) for term, weight in vector.items())
        return math.sqrt(math.fsum(weight * weight for weight in weights))

    def _rarity(self, term: str) -> float:
        """Inverse document frequency, of terms that no text has as well."""
        return math.log((len(self._vectors) + PRIOR) / (len(self._holders.get(term, ())) + 1))


def likeness_of(score: float) -> Likeness:
    """A score in a word."""
    if score >= ALMOST_EQUAL:
        return Likeness.ALMOST_EQUAL
    return Likeness.CLOSE if score >= CLOSE else Likeness.SIMILAR


@lru_cache(maxsize=20_000)
def terms(text: str) -> Mapping[str, float]:
    """The terms of a text with their weights: its words and, for less, its pairs of words.

    A text of stop words alone keeps them: "What is it?" is still like itself.
    """
    every = list(words(text))
    telling = [stem(word) for word in every if word not in _STOP_WORDS] or every
    single = dict.fromkeys(telling, 1.0)
    return single | {f"{one} {other}": PAIR_WEIGHT for one, other in pairwise(telling)}


def words(text: str) -> Iterator[str]:
    """The words of a text as they are compared; of scripts without spaces, pairs of letters."""
    for word in normalise(text).split():
        last = 0
        for run in _WITHOUT_SPACES.finditer(word):
            if run.start() > last:
                yield word[last : run.start()]
            letters = run[0]
            yield from (letters[at : at + 2] for at in range(max(1, len(letters) - 1)))
            last = run.end()
        if last < len(word):
            yield word[last:]


def normalise(text: str) -> str:
    """Letters, marks and numbers in one form and one case, with single spaces between words.

    Accents of the Latin, Greek and Cyrillic scripts are dropped; vowel signs of other scripts
    are part of the word and stay.
    """
    folded = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
    plain = unicodedata.normalize("NFC", _LATIN_MARKS.sub("", folded))
    parted = "".join(_letter(letter) for letter in plain)
    joined = " ".join(parted.split())
    for phrase, short in _PHRASES.items():
        joined = joined.replace(phrase, short)
    return joined


def stem(word: str) -> str:
    """An English word without its ending; words in other scripts have none of these."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and not word.endswith(_KEPT_ENDINGS):
            cut = word.removesuffix(ending) + instead
            if len(cut) >= _SHORTEST_STEM:
                return cut
    return word


def _letter(letter: str) -> str:
    return letter if unicodedata.category(letter)[0] in "LMN" else " "
