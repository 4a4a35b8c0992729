"""Where a careful person would doubt, the reader says so, and nowhere else."""

from pathlib import Path

import pytest

from deliberate.importing import DoubtKind, SessionPage, read_page

DOCUMENT = Path(__file__).parents[2] / "docs" / "importing.md"
HEAD = "IGF 2021 WS #5 Quiet Networks\nSpeaker 1: Jörg Müller, Civil Society, African Group\n"


def doubted(body: str) -> dict[DoubtKind, str]:
    """The lines that are doubted in a page with this body, by kind; the last of each kind."""
    page: SessionPage = read_page(HEAD + body)
    return {doubt.kind: page.lines[doubt.line - 1] for doubt in page.doubts}


@pytest.mark.parametrize(
    ("body", "kind", "line"),
    [
        ("Agenda\n1. Doors open (5 min)\n2. The masts: who pays? (20 min)",
         DoubtKind.QUESTION_IN_AGENDA, "2. The masts: who pays? (20 min)"),
        ("Description: x\nWho owns the mast on the hill?", DoubtKind.QUESTION_ELSEWHERE,
         "Who owns the mast on the hill?"),
        ("Description:\nMasts fall. Who mends them? Nobody.", DoubtKind.QUESTION_IN_PROSE,
         "Masts fall. Who mends them? Nobody."),
        ("Policy Question(s)\nThe governance of masts.", DoubtKind.QUESTIONS_EMPTY,
         "The governance of masts."),
        ("Speakers: Ann Lee, Bo Hill, Cy Moor", DoubtKind.NAMES_IN_A_ROW,
         "Speakers: Ann Lee, Bo Hill, Cy Moor"),
        ("Policy Question(s)\n- Who pays?\n- Mending of masts", DoubtKind.NO_QUESTION_MARK,
         "- Mending of masts"),
        ("1. Key Policy Questions and Expectations\n- Who pays?", DoubtKind.FROM_REPORT,
         "- Who pays?"),
        ("Agenda\n1. Ann Lee, Mast Union (5 min)", DoubtKind.MENTIONED_ONLY,
         "1. Ann Lee, Mast Union (5 min)"),
        ("Description:\nWe begin with remarks by Ms. Ann Lee, Mast Union.",
         DoubtKind.MENTIONED_ONLY, "We begin with remarks by Ms. Ann Lee, Mast Union."),
        ("Agenda\n1. Jörg Müllert, Mast Union (5 min)", DoubtKind.NAME_DIFFERS,
         "1. Jörg Müllert, Mast Union (5 min)"),
        ("Moderator: Jörg Müler", DoubtKind.NAME_DIFFERS, "Moderator: Jörg Müler"),
        ("Speaker 2: Ministry of Masts", DoubtKind.BODY_AS_PERSON, "Speaker 2: Ministry of Masts"),
        ("Speaker 2: Ann Lee, Civiel Society", DoubtKind.GROUP_CORRECTED,
         "Speaker 2: Ann Lee, Civiel Society"),
        ("Speaker 2: Ann Lee, Civil Society/Academia", DoubtKind.TWO_GROUPS,
         "Speaker 2: Ann Lee, Civil Society/Academia"),
        ("Speaker 2: Ann Lee, Civil Society, Oceania", DoubtKind.REGION_UNKNOWN,
         "Speaker 2: Ann Lee, Civil Society, Oceania"),
        ("Organizer 1: Ann Lee\nStakeholder Group: Media", DoubtKind.GROUP_UNKNOWN,
         "Stakeholder Group: Media"),
        ("Speaker 2: 42nd floor", DoubtKind.NOT_A_PERSON, "Speaker 2: 42nd floor"),
        ("Description: x\n\nSession Report\n\nKey Takeaways\nOne.",
         None, ""),
        ("Time\nTuesday, 7 December 2021, 10:00 - 11:00\nFormat\nPanel - 90 Min",
         DoubtKind.LENGTH_DIFFERS, "Panel - 90 Min"),
        ("SDGs\nGOAL 18: Masts", DoubtKind.GOAL_UNKNOWN, "GOAL 18: Masts"),
    ],
)  # fmt: skip
def test_what_a_careful_person_would_doubt_is_named(
    body: str, kind: DoubtKind | None, line: str
) -> None:
    """Ensure each kind of doubt comes at its line, and a plain page raises none."""
    found = doubted(body)

    assert found == {} if kind is None else found.get(kind) == line


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("IGF 2021 WS #5\nSpeaker 1: Ann Lee", DoubtKind.TITLE_MISSING),
        ("IGF 2021 WS #5 Masts and their …", DoubtKind.TITLE_CUT),
        ("IGF 2025 WS #5 " + "Masts and more masts on hills " * 2 + "and in valleys too",
         DoubtKind.TITLE_CUT),
    ],
)  # fmt: skip
def test_a_title_that_is_missing_or_cut_is_named(title: str, kind: DoubtKind) -> None:
    """Ensure the curator looks at titles that the site shortened or left out."""
    assert kind in {doubt.kind for doubt in read_page(title).doubts}


@pytest.mark.parametrize(
    "body",
    [
        "Agenda\n1. Opening Remarks, Main Hall (5 min)\n2. Civil Society (5 min)",
        "Agenda\n1. Müller Jörg, Mast Union (5 min)",
        "Speakers bios\nAnn Lee, Mast Union\nAnn has built masts for years.",
        "Speakers: Ann Lee, Bo Hill, and Cy Moor",
        "Moderator: TBC\nRapporteur: Name to be confirmed",
        "Description:\nUnited Nations (UN) bodies meet masts.",
    ],
)
def test_what_nobody_would_doubt_is_not_named(body: str) -> None:
    """Ensure doubts stay worth reading: no hint at places, groups, known people or blanks."""
    assert doubted(body) == {}


def test_the_document_lists_every_doubt() -> None:
    """Ensure whoever reads about the reader knows all it may say."""
    document = DOCUMENT.read_text("utf-8")

    assert [kind.value for kind in DoubtKind if f"- {kind.value}\n" not in document] == []
