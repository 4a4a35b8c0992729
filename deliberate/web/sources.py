"""The page a session was imported from, line by line, with the questions that were left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deliberate.domain.errors import Invalid
from deliberate.importing import DoubtKind, read_page
from deliberate.importing.sentences import questions_in
from deliberate.storage.forum import ForumSession

LEFT_OUT = frozenset(
    {
        DoubtKind.QUESTION_IN_AGENDA,
        DoubtKind.QUESTION_IN_PROSE,
        DoubtKind.QUESTION_ELSEWHERE,
    }
)
"""What a reader of pages says of a line that asks something and was not taken for a question."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """The lines of an original; references count them from 1.

    `left_out` are the questions on lines that were not read as policy questions, by the line.
    """

    lines: Sequence[str]
    left_out: Mapping[int, Sequence[str]] = field(default_factory=dict)


def read_source(session: ForumSession) -> SourceText:
    """The original as it was read: line 1 is the first entry.

    References count these lines, not those of a web page's markup. A text that can no longer
    be read as a session page is shown line by line.
    """
    try:
        page = read_page(session.source_text, session.source_name)
    except Invalid:
        return SourceText(session.source_text.splitlines())
    numbers = sorted({doubt.line for doubt in page.doubts if doubt.kind in LEFT_OUT})
    return SourceText(
        page.lines, {number: questions_in(page.lines[number - 1]) for number in numbers}
    )
