"""Ballots of every kind are checked and explained, never repaired, and stored in few bytes."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.ballots import (
    WHOLE,
    Agreement,
    AgreementScale,
    Approval,
    BallotRules,
    Choice,
    Consent,
    ConsentBallot,
    Dots,
    Filled,
    Kind,
    Ranked,
    Score,
    approval,
    choice,
    consent,
    decode,
    dots,
    encode,
    kinds,
    ranked,
    read_rules,
    tiers_of,
)
from deliberate.domain.errors import Invalid

OPTIONS = (11, 12, 13, 14)
KINDS = (Ranked(), Choice(), Approval(), Score(), Dots(), AgreementScale(), ConsentBallot())


def marks(rules: BallotRules, given: Mapping[int, int | None], **fields: object) -> tuple[int, ...]:
    return rules.check(Filled(given, **fields), OPTIONS).marks  # type: ignore[arg-type]


def problems(
    given: Mapping[int, int | None], rules: BallotRules | None = None, **fields: object
) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        marks(rules or Ranked(), given, **fields)
    return refusal.value.fields


def test_ranks_become_marks_and_tiers() -> None:
    """Ensure each option keeps its rank, and the unranked ones are in no tier."""
    ranks = marks(Ranked(), {11: 2, 12: None, 13: 1})

    assert ranks == (2, 0, 1, 0)
    assert tiers_of(ranks, OPTIONS) == ((13,), (11,))


def test_equal_ranks_are_explained_at_each_of_the_options() -> None:
    """Ensure both fields with the same rank say so, and nothing is renumbered."""
    assert problems({11: 1, 12: 1, 13: 2}) == {
        "mark_11": ranked.DUPLICATE,
        "mark_12": ranked.DUPLICATE,
    }


def test_a_gap_is_explained_where_it_ends() -> None:
    """Ensure a rank whose predecessor is missing says so."""
    assert problems({11: 1, 12: 3}) == {"mark_12": ranked.GAP}


def test_a_ranking_starts_at_one() -> None:
    """Ensure beginning with rank 2 is a gap and rank 0 is no rank."""
    assert problems({11: 2}) == {"mark_11": ranked.GAP}
    assert problems({11: 0, 12: 1}) == {"mark_11": ranked.OUT_OF_RANGE}
    assert problems({11: 5, 12: 1}) == {"mark_11": ranked.OUT_OF_RANGE}


def test_an_option_that_is_not_offered_is_refused() -> None:
    """Ensure a form altered by hand cannot add an option."""
    assert problems({11: 1, 99: 2}) == {"mark_99": kinds.UNKNOWN}


def test_equal_ranks_are_taken_where_they_are_configured() -> None:
    """Ensure ties are kept as entered, and a rank left out is a gap all the same."""
    ties = Ranked(ties=True)

    assert tiers_of(marks(ties, {11: 1, 12: 1, 13: 2}), OPTIONS) == ((11, 12), (13,))
    assert problems({11: 1, 12: 1, 13: 3}, ties) == {"mark_13": ranked.GAP}


@pytest.mark.parametrize("rules", KINDS, ids=lambda rules: rules.kind)
def test_a_form_left_empty_is_no_ballot(rules: BallotRules) -> None:
    """Ensure nobody votes by pressing the button alone, whatever the kind."""
    assert problems({}, rules) == {WHOLE: rules.empty}
    assert problems(dict.fromkeys(OPTIONS), rules) == {WHOLE: rules.empty}


@pytest.mark.parametrize("rules", KINDS, ids=lambda rules: rules.kind)
def test_no_preference_is_an_answer_of_its_own(rules: BallotRules) -> None:
    """Ensure it is taken when said, never beside an answer, and not where options can say it."""
    both = {11: 1}

    if rules.takes_blank:
        assert marks(rules, {}, is_blank=True) == (0, 0, 0, 0)
        assert problems(both, rules, is_blank=True) == {WHOLE: kinds.CONTRADICTORY}
    else:
        assert problems(both, rules, is_blank=True) == {WHOLE: kinds.NOT_BLANK}


@pytest.mark.parametrize("rules", KINDS, ids=lambda rules: rules.kind)
def test_what_a_ballot_does_not_offer_is_refused(rules: BallotRules) -> None:
    """Ensure a form altered by hand adds neither an option nor an answer."""
    beyond = rules.highest(len(OPTIONS)) + 1

    assert problems({99: 1}, rules) == {"mark_99": kinds.UNKNOWN}
    assert problems({11: beyond}, rules) == {"mark_11": rules.out_of_range}
    assert problems({11: -1}, rules) == {"mark_11": rules.out_of_range}


@pytest.mark.parametrize("rules", KINDS, ids=lambda rules: rules.kind)
def test_settings_come_back_as_they_were_frozen(rules: BallotRules) -> None:
    """Ensure the rules read from a poll are those that it was opened with."""
    assert read_rules(rules.kind, rules.as_json()) == rules
    assert read_rules(rules.kind, {}) == rules


def test_every_kind_has_words() -> None:
    """Ensure no kind is offered without a name, a help for voters and a hint for organisers."""
    assert {rules.kind for rules in KINDS} == set(Kind)
    assert all(kind.label and kind.help and kind.hint for kind in Kind)


def test_one_option_alone_can_be_chosen() -> None:
    """Ensure a second one is explained at both."""
    assert marks(Choice(), {12: 1}) == (0, 1, 0, 0)
    assert problems({11: 1, 12: 1}, Choice()) == {
        "mark_11": choice.SEVERAL,
        "mark_12": choice.SEVERAL,
    }


def test_as_many_options_are_approved_as_asked_for() -> None:
    """Ensure both bounds hold and are said of the whole ballot."""
    two = Approval(least=2, most=2)

    assert marks(two, {11: 1, 14: 1}) == (1, 0, 0, 1)
    assert problems({11: 1}, two) == {WHOLE: approval.TOO_FEW}
    assert problems({11: 1, 12: 1, 13: 1}, two) == {WHOLE: approval.TOO_MANY}


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (Approval(least=5), "least"),
        (Approval(least=1, most=5), "most"),
        (Approval(least=3, most=2), "most"),
        (Score(("One",)), "steps"),
        (Score(tuple("abcdefghijkl")), "steps"),
        (Score(("Good", "good")), "steps"),
    ],
)
def test_settings_that_make_no_sense_are_refused(rules: BallotRules, field: str) -> None:
    """Ensure a poll that nobody could vote in as meant is not opened."""
    with pytest.raises(Invalid) as refusal:
        rules.check_settings(len(OPTIONS))

    assert list(refusal.value.fields) == [field]


def test_no_more_dots_are_given_than_there_are() -> None:
    """Ensure the sum is checked, 0 is no answer, and dots may be kept."""
    assert marks(Dots(5), {11: 3, 12: 0, 13: 2}) == (3, 0, 2, 0)
    assert marks(Dots(5), {11: 1}) == (1, 0, 0, 0)
    assert problems({11: 3, 12: 3}, Dots(5)) == {WHOLE: dots.TOO_MANY}
    assert problems({11: 0}, Dots(5)) == {WHOLE: dots.EMPTY}


def test_on_a_scale_every_option_is_answered() -> None:
    """Ensure an option passed over is pointed out, and abstaining is an answer."""
    answers = {11: Agreement.UNCLEAR, 12: Agreement.ABSTAIN, 13: Agreement.AGREEMENT}

    assert list(problems(answers, AgreementScale())) == ["mark_14"]
    assert marks(AgreementScale(), {**answers, 14: Agreement.NEUTRAL}) == (6, 7, 2, 3)


def test_to_block_needs_a_reason_and_to_agree_takes_none() -> None:
    """Ensure reasons stand with the answers they explain, apart from the marks."""
    answers = {11: Consent.AGREE, 12: Consent.BLOCK, 13: Consent.DISAGREE, 14: Consent.ABSTAIN}
    reasons = {12: "It would exclude us.", 13: ""}

    answer = ConsentBallot().check(Filled(answers, reasons), OPTIONS)

    assert (answer.marks, answer.reasons) == ((1, 4, 3, 2), {12: "It would exclude us."})
    assert problems(answers, ConsentBallot()) == {"mark_12": consent.SAY_WHY}
    assert problems(answers, ConsentBallot(), reasons={**reasons, 11: "Because."}) == {
        "mark_11": consent.NEEDLESS
    }
    assert problems({11: 1}, Choice(), reasons={11: "Because."}) == {"mark_11": kinds.NO_REASONS}


@given(st.lists(st.integers(0, 255), max_size=50))
def test_marks_are_stored_in_a_byte_each(given: list[int]) -> None:
    """Ensure what is read is what was stored."""
    stored = encode(tuple(given))

    assert len(stored) == len(given)
    assert decode(stored) == tuple(given)


@given(st.permutations(OPTIONS), st.integers(1, len(OPTIONS)))
def test_every_numbered_order_is_accepted_as_it_is(order: list[int], number: int) -> None:
    """Ensure any strict ranking, truncated or not, comes back unchanged."""
    listed = order[:number]

    ranks = marks(Ranked(), {option: place for place, option in enumerate(listed, 1)})

    assert [option for (option,) in tiers_of(ranks, OPTIONS)] == listed


@given(st.dictionaries(st.sampled_from(OPTIONS), st.none() | st.integers(-1, 6)))
def test_only_whole_rankings_are_accepted(ranking: dict[int, int | None]) -> None:
    """Ensure a ranking is accepted exactly when its ranks are 1, 2, ... each once."""
    ranks = sorted(rank for rank in ranking.values() if rank is not None)

    if ranks and ranks == list(range(1, len(ranks) + 1)):
        assert len(tiers_of(marks(Ranked(), ranking), OPTIONS)) == len(ranks)
    else:
        assert problems(ranking)
