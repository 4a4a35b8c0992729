"""What a page that was read says about itself: doubts, identity, confidence."""

import pytest

from deliberate.domain.forum import SessionType
from deliberate.importing import Confidence, DoubtKind, SessionPage, read_page
from tests.importing.test_cases import read_case


def doubted(page: SessionPage, kind: DoubtKind) -> list[str]:
    """The lines a kind of doubt is about."""
    return [page.lines[doubt.line - 1] for doubt in page.doubts if doubt.kind is kind]


def test_questions_of_the_agenda_are_doubts_and_no_policy_questions() -> None:
    """Ensure the agenda's questions are pointed out to the curator but not imported."""
    page = read_case("seed-2021-main")

    lines = doubted(page, DoubtKind.QUESTION_IN_AGENDA)

    assert [line[:20] for line in lines] == ["Questions: what is n", "Question: Having dis"]
    assert not any(one.text.startswith("what is new?") for one in page.policy_questions)


def test_discussion_prompts_in_prose_are_doubts() -> None:
    """Ensure the prompts that follow the numbered questions can be promoted by a curator."""
    page = read_case("seed-2020-ws220")

    (line,) = doubted(page, DoubtKind.QUESTION_IN_PROSE)

    assert "How can we balance innovation" in line


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("seed-2020-ws220", DoubtKind.THEME_QUOTED),
        ("seed-2021-main", DoubtKind.NO_QUESTION_MARK),
        ("06-2018-ws-stacked-labels", DoubtKind.LOCAL_TIME),
        ("11-2017-ws-proposer", DoubtKind.GROUP_CORRECTED),
        ("own-2019-coalition", DoubtKind.GOAL_UNKNOWN),
        ("own-2021-lost-labels", DoubtKind.ROLE_BY_POSITION),
        ("own-2022-french", DoubtKind.GOALS_FROM_TARGETS),
    ],
)
def test_a_guess_is_named_as_one(name: str, kind: DoubtKind) -> None:
    """Ensure what was guessed is said in a sentence beside its line."""
    page = read_case(name)

    assert doubted(page, kind)
    assert all(doubt.sentence.endswith(".") for doubt in page.doubts)


@pytest.mark.parametrize(
    ("name", "slug", "identity"),
    [
        ("seed-2020-ws220", "2020-ws-220", "2020:workshop:220"),
        (
            "seed-2021-main",
            "2021-main-session-digital-cooperation-quo-vadis",
            "2021:main-session:digital-cooperation-quo-vadis",
        ),
        ("04-2021-open-forum", "2021-open-forum-61", "2021:open-forum:61"),
    ],
)
def test_a_session_has_a_stable_slug_and_identity(name: str, slug: str, identity: str) -> None:
    """Ensure addresses are readable and copies of one session share a key."""
    page = read_case(name)

    assert (page.slug, page.identity) == (slug, identity)


def test_two_spellings_of_the_type_are_one_session() -> None:
    """Ensure `OF #14` and `Open Forum #14` of one year count as the same session."""
    short, long = read_page("IGF 2019 OF #14 Cables"), read_page("IGF 2019 Open Forum #14: Cables")

    assert short.identity == long.identity


def test_a_title_without_latin_letters_still_has_its_own_slug() -> None:
    """Ensure two Arabic titles do not fall together."""
    one = read_page("IGF 2020 Main Session: الإنترنت للجميع")
    other = read_page("IGF 2020 Main Session: الثقة")

    assert one.slug != other.slug
    assert one.slug.isascii()


@pytest.mark.parametrize(
    ("line", "type_", "reference", "title"),
    [
        ("IGF 2016 WS170: Fibre", SessionType.WORKSHOP, "WS #170", "Fibre"),
        ("IGF 2015 Workshop 202: Fibre", SessionType.WORKSHOP, "WS #202", "Fibre"),
        ("IGF 2019 Pre-Event #1 Fibre", SessionType.DAY_0_EVENT, "Pre-Event #1", "Fibre"),
        ("IGF 2017 LIGHTNING SESSION #6 Fibre", SessionType.LIGHTNING_TALK,
         "LIGHTNING SESSION #6", "Fibre"),
        ("IGF 2021 Launch / Award Event #12 Fibre", SessionType.LAUNCH_AWARD_EVENT,
         "Launch / Award Event #12", "Fibre"),
        ("IGF 2020 DC on Fibre", SessionType.DYNAMIC_COALITION, None, "DC on Fibre"),
        ("IGF 2022 Main Session | Policy Network on Fibre", SessionType.POLICY_NETWORK, None,
         "Main Session | Policy Network on Fibre"),
        ("IGF 2020 MAIN SESSION: Fibre", SessionType.MAIN_SESSION, None, "Fibre"),
        ("IGF 2023 High-Level Leaders Track: Fibre", SessionType.HIGH_LEVEL_SESSION, None, "Fibre"),
    ],
)  # fmt: skip
def test_a_title_line_tells_type_number_and_title(
    line: str, type_: SessionType, reference: str | None, title: str
) -> None:
    """Ensure the title lines of all years are taken apart alike."""
    page = read_page(line)

    assert (page.type, page.reference, page.title) == (type_, reference, title)
    assert page.sources["title"].confidence is Confidence.SHAPE


@pytest.mark.parametrize(
    ("line", "date", "start", "end", "minutes"),
    [
        ("Friday, 6 December 2019, 09:00 - 10:30 UTC+2", "2019-12-06", "07:00", "08:30", 90),
        (
            "Sunday, 8th October, 2023 (23:30 UTC) - Monday, 9th October, 2023 (00:30 UTC)",
            "2023-10-08",
            "23:30",
            "00:30",
            60,
        ),
        ("Tuesday, December 17, 2024, 1:15am - 2:00am GMT+03", "2024-12-16", "22:15", "23:00", 45),
        ("Tuesday, 13 November 2018, 11:20 - 12:50", "2018-11-13", None, None, 90),
        ("Tuesday, 13 November 2018, 9:00 CST - 10:00 CST", "2018-11-13", None, None, 60),
        ("2021-12-08 09:00 UTC - 10:00 UTC", "2021-12-08", "09:00", "10:00", 60),
    ],
)
def test_times_are_utc_only_where_the_page_gives_an_offset(
    line: str, date: str, start: str | None, end: str | None, minutes: int
) -> None:
    """Ensure times are converted by a stated offset and never guessed."""
    page = read_page(f"IGF 2020 WS #1 Quiet Networks\nTime\n{line}\n")

    assert (page.date, page.start_utc, page.end_utc) == (date, start, end)
    assert page.duration_minutes == minutes


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Ann Lee, Mast Ltd, Private Sector, African Group, Bo Ek, Ek AB, Academia, WEOG",
         ["Ann Lee / Mast Ltd", "Bo Ek / Ek AB"]),
        ("1. Ann Lee, Mast Ltd 2. Bo Ek", ["Ann Lee / Mast Ltd", "Bo Ek / None"]),
        ("Ann Lee (Mast Ltd), Bo Ek (Ek AB) and Jo Ox (Ox Inc)",
         ["Ann Lee / Mast Ltd", "Bo Ek / Ek AB", "Jo Ox / Ox Inc"]),
        ("Ann Lee – Mast Ltd – Civil Society", ["Ann Lee / Mast Ltd"]),
        ("Ann Lee, African Group of Savings Banks, Private Sector",
         ["Ann Lee / African Group of Savings Banks"]),
        ("Ann Lee\nMast Union\n\nBo Ek\nCivil Society, African Group",
         ["Ann Lee / Mast Union", "Bo Ek / None"]),
        ("Ann Lee, Mast Ltd\nAnn has built masts on many hills for many years and likes it.\n\n"
         "Bo Ek, Ek AB", ["Ann Lee / Mast Ltd", "Bo Ek / Ek AB"]),
    ],
)  # fmt: skip
def test_people_are_told_apart_however_they_are_run_together(line: str, people: list[str]) -> None:
    """Ensure each way in which pages list people gives the same people."""
    page = read_page(f"IGF 2021 WS #5 Quiet Networks\nSpeakers\n{line}\nSDGs\n")

    assert [f"{one.name} / {one.affiliation}" for one in page.speakers] == people


def test_a_question_over_two_lines_is_one_and_both_are_marked() -> None:
    """Ensure a line break inside a sentence neither splits it nor loses its place."""
    page = read_page("IGF 2021 WS #5 Quiet Networks\nPolicy Questions\n1. Who pays\nfor masts?\n")

    assert [one.text for one in page.policy_questions] == ["Who pays for masts?"]
    assert [span.line for span in page.sources["policy_questions/0"].spans] == [3, 4]


def test_a_table_of_people_is_read_row_by_row() -> None:
    """Ensure cells of a row belong together, behind a label as well as in a list."""
    page = read_page(
        "<html><body><h1>IGF 2021 WS #5 Masts</h1><table><tr><td>Moderator</td><td>Bo Ek</td></tr>"
        "<tr><td>Speakers:</td><td>Ann Lee, Mast Ltd</td></tr>"
        "<tr><td>Jo Ox</td><td>Ox Inc</td></tr></table></body></html>"
    )

    assert [one.name for one in page.moderators] == ["Bo Ek"]
    assert [(one.name, one.affiliation) for one in page.speakers] == [
        ("Ann Lee", "Mast Ltd"),
        ("Jo Ox", "Ox Inc"),
    ]
