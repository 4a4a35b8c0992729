"""What the pages of arguments show: the map, one argument, and the facilitator's bench."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import NotFound
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.synthesis import (
    NOBODY,
    ArgumentKind,
    Coverage,
    Progress,
    Sorted,
    Spread,
    Voice,
    coverage,
    is_excerpt,
    progress,
    visible_text,
)
from deliberate.domain.threads import CommentKind, CommentState
from deliberate.storage.arguments import ArgumentLine, find_argument, list_arguments
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.synthesis import (
    COMMENTS_A_PAGE,
    AnswerLine,
    CitedComment,
    SortedComment,
    count_spread,
    count_voices,
    list_answers,
    list_citations,
    list_sorted,
)
from deliberate.web.database import reader

FIRST_ARGUMENTS = 12
ARGUMENTS_A_PAGE = 30
FIRST_CITATIONS = 3
LONGEST_BEGINNING = 220
LONGEST_ON_BENCH = 600


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as shown: the excerpt that was chosen, else how the comment begins.

    `is_earlier` says that the comment was changed and the excerpt stands in it no more.
    """

    comment: CitedComment
    words: str
    is_earlier: bool
    answers: Sequence[AnswerLine]

    @property
    def is_shown(self) -> bool:
        """Whether the comment has a text to show."""
        return self.comment.state is CommentState.SHOWN

    @property
    def asks(self) -> bool:
        """Whether it asks something that can be answered."""
        return self.is_shown and self.comment.kind is CommentKind.QUESTION


@dataclass(frozen=True, slots=True)
class Shown:
    """An argument with who stands behind it, some of its citations, and what answers it."""

    line: ArgumentLine
    spread: Spread
    citations: Sequence[Cited]
    answers: Sequence[AnswerLine]

    @property
    def more(self) -> int:
        """How many citations are not among those shown."""
        return self.spread.comments + self.spread.gone - len(self.citations)


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What was made of a deliberation's comments so far."""

    page: DeliberationPage
    lines: Sequence[ArgumentLine]
    spread: Mapping[int, Spread]
    voices: Mapping[StakeholderGroup, Voice]
    answers: Sequence[AnswerLine]

    @property
    def progress(self) -> Progress:
        """How far the comments are sorted."""
        return progress(self.voices)

    @property
    def coverage(self) -> list[Coverage]:
        """What each group raised and what of it is unanswered."""
        stands = [each for each in self.answers if each.stands]
        return coverage(
            self.voices,
            self.spread,
            {each.asking_argument_id for each in stands if each.asking_argument_id},
            {
                (each.cited_in, each.asking_group)
                for each in stands
                if each.cited_in and each.asking_group
            },
        )

    @property
    def texts(self) -> dict[int, str]:
        """The words of each argument."""
        return {line.id: line.text for line in self.lines}

    @property
    def choices(self) -> list[tuple[ArgumentKind, list[ArgumentLine]]]:
        """The arguments by kind, to choose from."""
        return [(kind, self.of(kind)) for kind in ArgumentKind if self.of(kind)]

    @property
    def shaken(self) -> list[ArgumentLine]:
        """Arguments that cite what is not shown any more."""
        return [line for line in self.lines if self.spread.get(line.id, NOBODY).gone]

    def of(self, kind: ArgumentKind) -> list[ArgumentLine]:
        """The arguments of a kind, those that most groups and then most people share first."""

        def order(line: ArgumentLine) -> tuple[int, int, int]:
            groups, people = self.spread.get(line.id, NOBODY).breadth
            return -groups, -people, line.id

        return sorted((line for line in self.lines if line.kind is kind), key=order)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which comments the bench shows: their state, and of which group and kind."""

    state: Sorted = Sorted.NOT_YET
    group: StakeholderGroup | None = None
    kind: CommentKind | None = None
    after: int = 0


@dataclass(frozen=True, slots=True)
class Bench:
    """A page of comments to be sorted; `next_after` is where the next one begins."""

    synthesis: Synthesis
    filter: Filter
    comments: Sequence[tuple[SortedComment, str]]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class ArgumentPage:
    """One argument with a page of its citations, and the arguments beside it."""

    synthesis: Synthesis
    argument: Shown
    number: int
    pages: int

    @property
    def others(self) -> list[tuple[ArgumentKind, list[ArgumentLine]]]:
        """The other arguments of the discussion, by kind."""
        own = self.argument.line.id
        kept = [
            (kind, [line for line in lines if line.id != own])
            for kind, lines in self.synthesis.choices
        ]
        return [(kind, lines) for kind, lines in kept if lines]


def get_synthesis(deliberation_id: int) -> Synthesis:
    """Everything but the comments themselves, in five queries."""
    session = reader()
    page = get_page(session, deliberation_id)
    return Synthesis(
        page=page,
        lines=list_arguments(session, page.id),
        spread=count_spread(session, page.id),
        voices=count_voices(session, page.id),
        answers=list_answers(session, page.id),
    )


def with_citations(synthesis: Synthesis, lines: Iterable[ArgumentLine]) -> list[Shown]:
    """Arguments with their first citations; the groups take turns."""
    chosen = list(lines)
    found = list_citations(reader(), [line.id for line in chosen], FIRST_CITATIONS)
    return [_shown(synthesis, line, found.get(line.id, [])) for line in chosen]


def get_bench(deliberation_id: int, wanted: Filter) -> Bench:
    """A page of the comments that a facilitator wants to sort."""
    synthesis = get_synthesis(deliberation_id)
    found = list_sorted(
        reader(), deliberation_id, wanted.state, wanted.group, wanted.kind, wanted.after
    )
    shown = found[:COMMENTS_A_PAGE]
    texts = [shorten(visible_text(each.body_html), LONGEST_ON_BENCH) for each in shown]
    return Bench(
        synthesis=synthesis,
        filter=wanted,
        comments=list(zip(shown, texts, strict=True)),
        next_after=shown[-1].id if len(found) > len(shown) else None,
    )


def get_argument(argument_id: int) -> ArgumentLine:
    """The argument, whether it stands or not, or `NotFound`."""
    line = find_argument(reader(), argument_id)
    if line is None:
        raise NotFound("There is no such argument.")
    return line


def get_argument_page(line: ArgumentLine, number: int) -> ArgumentPage:
    """A page of an argument's citations, counted from 1; what each group wrote is left out."""
    session = reader()
    synthesis = Synthesis(
        page=get_page(session, line.deliberation_id),
        lines=list_arguments(session, line.deliberation_id),
        spread=count_spread(session, line.deliberation_id, line.id),
        voices={},
        answers=list_answers(session, line.deliberation_id),
    )
    first = (number - 1) * COMMENTS_A_PAGE
    cited = list_citations(session, [line.id], COMMENTS_A_PAGE, first).get(line.id, [])
    shown = _shown(synthesis, line, cited)
    total = shown.spread.comments + shown.spread.gone
    return ArgumentPage(synthesis, shown, number, max(1, -(-total // COMMENTS_A_PAGE)))


def shorten(text: str, longest: int) -> str:
    """The beginning of a text, cut between words."""
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0]} …"


def _shown(synthesis: Synthesis, line: ArgumentLine, cited: Iterable[CitedComment]) -> Shown:
    return Shown(
        line=line,
        spread=synthesis.spread.get(line.id, NOBODY),
        citations=[_cited(synthesis, each) for each in cited],
        answers=[each for each in synthesis.answers if each.asking_argument_id == line.id],
    )


def _cited(synthesis: Synthesis, comment: CitedComment) -> Cited:
    is_earlier = comment.version != comment.excerpt_version and not is_excerpt(
        comment.excerpt, comment.body_html
    )
    beginning = shorten(visible_text(comment.body_html), LONGEST_BEGINNING)
    answers = [
        each
        for each in synthesis.answers
        if each.asking_comment_id == comment.comment_id and each.cited_in == comment.argument_id
    ]
    return Cited(comment, comment.excerpt or beginning, is_earlier, answers)
