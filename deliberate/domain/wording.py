"""Hints about the wording of a question, for the curator's eye; nothing is decided by them.

They follow what the call for issues of IGF 2020 asks of a policy question: that it joins
disciplines, invites debate among stakeholders, is worded so that several answers can emerge, and
does not presuppose the outcome. The rules know English; a question in another language gets
those hints only that rest on its marks and its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LONG = 50
"""Words above which a question is hard to answer in one go."""
_QUESTION_MARKS = re.compile("[?](?=\\s|$|[\"'”’»)\\]])|[？؟]")
_QUOTED = re.compile('["“«„][^"”»“]*["”»“]')
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_YES_NO = re.compile(
    r"(?:should|shall|is|are|was|were|do|does|did|can|could|will|would|has|have|may|must)\b", re.I
)
_ASKING = r"(?:how|what|which|who|whom|whose|when|where|why|should|by whom|to whom)"
_SECOND = re.compile(
    rf"^.*?\b(?:{_ASKING}|is|are|can|could|do|does)\b.*?\band\s+({_ASKING})\b", re.I
)
_LINKING = re.compile(r"(?:and|but|or|also|so|then|moreover|furthermore|finally)\b", re.I)
_OUTSIDE = re.compile(
    r"\b(?:in this (?:regard|context|respect)|as such|the above|mentioned above|these issues"
    r"|this (?:issue|problem|topic|question)|therein)\b",
    re.I,
)
_LOADED = re.compile(
    r"\b(?:obviously|clearly|of course|undoubtedly|the fact that|failure of|failed|need to stop"
    r"|best way|the only|continue to|don['’]t you|not only|why (?:is|are|do|does|should))\b",
    re.I,
)
_WE = re.compile(r"\b(we|us|our)\b", re.I)


class HintKind(StrEnum):
    """What a curator may want to look at."""

    SEVERAL_MARKS = "several_marks"
    SECOND_QUESTION = "second_question"
    YES_OR_NO = "yes_or_no"
    TAKES_FOR_GRANTED = "takes_for_granted"
    BEGINS_LINKED = "begins_linked"
    POINTS_OUTSIDE = "points_outside"
    WHO_IS_WE = "who_is_we"
    NO_MARK = "no_mark"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint; `found` is the word or the number it rests on."""

    kind: HintKind
    found: str

    @property
    def sentence(self) -> str:
        """The hint in plain words, with a place for what was found."""
        return HINT_LABELS[self.kind]


HINT_LABELS = {
    HintKind.SEVERAL_MARKS: "%(found)s question marks: consider a split.",
    HintKind.SECOND_QUESTION: "A second question begins with “%(found)s”: consider a split.",
    HintKind.YES_OR_NO: "Begins with “%(found)s”: does it allow more than yes or no?",
    HintKind.TAKES_FOR_GRANTED: "“%(found)s”: does this take an answer for granted?",
    HintKind.BEGINS_LINKED: "Begins with “%(found)s”: can it be read on its own?",
    HintKind.POINTS_OUTSIDE: "“%(found)s” points to something outside the question.",
    HintKind.WHO_IS_WE: "“%(found)s”: who is meant?",
    HintKind.NO_MARK: "No question mark: what is asked?",
    HintKind.LONG: "%(found)s words: could it be shorter?",
}


def hints(text: str) -> tuple[Hint, ...]:
    """What may be looked at in the wording of a question, the weightiest first.

    Words in quotation marks are others' and give no hint, nor do those in brackets, except that
    a second question may hide there.
    """
    return tuple(_hints(text))


def _hints(text: str) -> Iterator[Hint]:
    own = _QUOTED.sub(" ", text)
    plain = _IN_BRACKETS.sub(" ", own).strip()
    marks = len(_QUESTION_MARKS.findall(plain))
    if marks > 1:
        yield Hint(HintKind.SEVERAL_MARKS, str(marks))
    elif second := _SECOND.search(own):
        yield Hint(HintKind.SECOND_QUESTION, second[1])
    if begins := _YES_NO.match(plain):
        yield Hint(HintKind.YES_OR_NO, begins[0])
    for kind, pattern in (
        (HintKind.TAKES_FOR_GRANTED, _LOADED),
        (HintKind.POINTS_OUTSIDE, _OUTSIDE),
        (HintKind.WHO_IS_WE, _WE),
    ):
        if found := pattern.search(plain):
            yield Hint(kind, found[0])
    if linked := _LINKING.match(plain):
        yield Hint(HintKind.BEGINS_LINKED, linked[0])
    if not _QUESTION_MARKS.search(text):
        yield Hint(HintKind.NO_MARK, "")
    if (length := len(_WORDS.findall(text))) > LONG:
        yield Hint(HintKind.LONG, str(length))
