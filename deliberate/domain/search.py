"""What a search asks for, where a text answers it, and in which order the answers stand."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from deliberate.domain.folding import Token, tokenise

LONGEST_QUERY = 200
MOST_TERMS = 12
"""Words and phrases of a query that are looked for; the rest is passed over."""
SHORTEST_BEGINNING = 4
"""Letters from which on a word also finds the longer words that begin with it."""
EXCERPT = 240
LEAD = 60
"""Letters of an excerpt, and those of them before the first hit."""
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟", '"') | {"−": "-", "–": "-"})
_BEGAN = datetime(2000, 1, 1, tzinfo=UTC)
_ID_BITS, _MINUTE_BITS = 31, 29


class SearchKind(StrEnum):
    """What can be found, in the order in which it is shown."""

    QUESTION = "question"
    OUTPUT = "output"
    SUMMARY = "summary"
    PROPOSAL = "proposal"
    COMMENT = "comment"

    @property
    def label(self) -> str:
        """Several of them, as pages say it."""
        return SEARCH_LABELS[self]


SEARCH_LABELS = {
    SearchKind.QUESTION: "Questions",
    SearchKind.OUTPUT: "Takeaways and calls",
    SearchKind.SUMMARY: "Summaries",
    SearchKind.PROPOSAL: "Proposals",
    SearchKind.COMMENT: "Comments",
}


class Fault(StrEnum):
    """Why a query cannot be answered."""

    EMPTY = "empty"
    SHORT = "short"
    ONLY_EXCLUDED = "only_excluded"


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that follow each other; the last may be only the beginning of a word."""

    tokens: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All `terms` are wanted and none of `excluded`; `text` is what was typed, shortened."""

    text: str
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    was_shortened: bool = False

    @property
    def fault(self) -> Fault | None:
        """Why it cannot be answered; None when it can."""
        if not self.terms:
            return Fault.ONLY_EXCLUDED if self.excluded else Fault.EMPTY
        only = self.terms[0]
        is_letter = len(self.terms) == 1 and only.tokens == (only.tokens[0][:1],)
        return Fault.SHORT if is_letter and not only.is_beginning else None


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of an excerpt, as it was written; `is_hit` when it is what was looked for."""

    text: str
    is_hit: bool


def parse_query(text: str) -> Query:
    """Read a query: words, "phrases", -excluded ones, and beginnings marked with a star.

    Every text is a query; what means nothing is passed over. A word with a hyphen or apostrophe
    inside is a phrase of its parts.
    """
    kept = " ".join(text.replace("\0", " ").split())
    shortened = kept[:LONGEST_QUERY]
    wanted: list[Term] = []
    excluded: list[Term] = []
    for found in _TERM.finditer(shortened.translate(_QUOTES)):
        grows = bool(found["word"]) and not found["minus"]
        list_of = excluded if found["minus"] else wanted
        term = _term(found["phrase"] or found["word"] or "", grows=grows)
        if term is not None:
            list_of.append(term)
    return Query(
        shortened,
        tuple(dict.fromkeys(wanted))[:MOST_TERMS],
        tuple(dict.fromkeys(excluded))[:MOST_TERMS],
        was_shortened=len(kept) > LONGEST_QUERY,
    )


def _term(text: str, *, grows: bool) -> Term | None:
    """What stands between spaces or quotation marks; a word that `grows` may be a beginning."""
    tokens = tokenise(text)
    if not tokens:
        return None
    last = tokens[-1]
    if last.is_pair:
        # The last letter of a script without spaces begins a pair of which only it is known; in
        # a longer run the pair before already holds it.
        run = len(tokens) > 1 and tokens[-2].end == last.end
        kept = tokens[:-1] if run else tokens
        return Term(tuple(token.text for token in kept), is_beginning=not run)
    asked = text.endswith("*") and len(last.text) > 1
    is_beginning = asked or (grows and len(last.text) >= SHORTEST_BEGINNING)
    return Term(tuple(token.text for token in tokens), is_beginning)


def matches(text: str, query: Query) -> bool:
    """Whether a text is found, as the databases are to decide it."""
    places = _Places(tokenise(text))
    return all(any(places.of(term)) for term in query.terms) and not any(
        any(places.of(term)) for term in query.excluded
    )


def find_hits(text: str, query: Query) -> list[tuple[int, int]]:
    """Where a text holds what is wanted: from and to before, in order, without overlaps."""
    places = _Places(tokenise(text))
    spans = sorted({span for term in query.terms for span in places.of(term)})
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


class _Places:
    """The tokens of a text by what they say."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.by_text: dict[str, list[int]] = defaultdict(list)
        for token in tokens:
            self.by_text[token.text].append(token.place)

    def of(self, term: Term) -> Iterator[tuple[int, int]]:
        """Every place of a term, from and to before."""
        first, *rest = term.tokens
        for place in self._firsts(first, is_beginning=term.is_beginning and not rest):
            last = place + len(rest)
            if last < len(self.tokens) and self._follow(place, rest, term):
                token = self.tokens[last]
                is_letter = term.is_beginning and token.is_pair
                yield self.tokens[place].start, token.letter_end if is_letter else token.end

    def _firsts(self, token: str, *, is_beginning: bool) -> list[int]:
        if not is_beginning:
            return self.by_text.get(token, [])
        return sorted(
            place
            for text, found in self.by_text.items()
            if text.startswith(token)
            for place in found
        )

    def _follow(self, place: int, rest: Sequence[str], term: Term) -> bool:
        for number, wanted in enumerate(rest, start=1):
            text = self.tokens[place + number].text
            is_last = number == len(rest)
            if not (text == wanted or (is_last and term.is_beginning and text.startswith(wanted))):
                return False
        return True


def excerpt(text: str, hits: Sequence[tuple[int, int]], length: int = EXCERPT) -> list[Piece]:
    """The stretch of a text with the most hits in it, cut between words, hits apart."""
    start = _best_start(hits, length)
    end = min(len(text), start + length)
    start, end = _at_word(text, start, -1), _at_word(text, end, 1)
    pieces = [Piece("… ", is_hit=False)] if start else []
    at = start
    for hit_start, hit_end in hits:
        if start <= hit_start and hit_end <= end:
            pieces.append(Piece(text[at:hit_start], is_hit=False))
            pieces.append(Piece(text[hit_start:hit_end], is_hit=True))
            at = hit_end
    pieces.append(Piece(text[at:end] + (" …" if end < len(text) else ""), is_hit=False))
    return [piece for piece in pieces if piece.text]


def _best_start(hits: Sequence[tuple[int, int]], length: int) -> int:
    """Where the first stretch that holds the most hits begins."""
    best, most = 0, 0
    for number, (start, _end) in enumerate(hits):
        begin = max(0, start - min(LEAD, length // 4))
        count = 0
        for _start, end in hits[number:]:
            if end > begin + length:
                break
            count += 1
        if count > most:
            best, most = begin, count
        if number > 50:
            break
    return best


def _at_word(text: str, at: int, step: int) -> int:
    """The nearest end of a word in a direction, or the place itself where words are long."""
    for place in range(at, at + step * 30, step):
        if place <= 0 or place >= len(text):
            return max(0, min(place, len(text)))
        if text[place - 1 if step < 0 else place].isspace():
            return place
    return at


RANKS: Mapping[SearchKind, int] = {
    kind: rank for rank, kind in enumerate(reversed(SearchKind), start=1)
}


def order_key(kind: SearchKind, moment: datetime, subject_id: int) -> int:
    """One number to sort by, the greatest first: by kind, then the newest minute, then the id.

    It is different for everything that can be found and fits a signed integer of 64 bits, so
    that both databases order, page and filter kinds by the one key they are fastest with.
    """
    minutes = (moment - _BEGAN) // timedelta(minutes=1)
    minutes = min(max(minutes, 0), (1 << _MINUTE_BITS) - 1)
    return ((RANKS[kind] << _MINUTE_BITS) + minutes << _ID_BITS) + subject_id


def key_range(kind: SearchKind) -> tuple[int, int]:
    """The smallest key of a kind, and the first one above it."""
    shift = _MINUTE_BITS + _ID_BITS
    return RANKS[kind] << shift, RANKS[kind] + 1 << shift
