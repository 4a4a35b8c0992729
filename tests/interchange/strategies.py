"""Ballot files of every kind that a format says it holds."""

from fractions import Fraction

from hypothesis import strategies as st

from deliberate.domain.ballot_files import BallotFile, BallotLine, Ranking
from deliberate.interchange import Format
from deliberate.interchange.features import Feature

NAMES = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=8
).map(str.strip)
TRICKY = st.sampled_from(
    [
        "weight",
        "Group",
        "score: A",
        "=1+1",
        "a#b",
        "a]b",
        "c2",
        "1",
        "a,b;c",
        "x:y",
        "-3",
        "[A]",
        "a=b",
    ]
)
QUESTIONS = {
    "ranking": None,
    "approved": Feature.APPROVALS,
    "scores": Feature.SCORES,
    "choice": Feature.CHOICES,
}


@st.composite
def files(draw: st.DrawFn, target: Format) -> BallotFile:
    """Files without anything that the format cannot hold."""
    bans = '"' if target.extension == "blt" else ""
    names = (NAMES | TRICKY).filter(lambda name: name and not set(name) & set(bans))
    options = tuple(draw(st.lists(names, min_size=2, max_size=5, unique=True)))
    asked = [name for name, need in QUESTIONS.items() if need is None or need in target.holds]
    questions = draw(st.lists(st.sampled_from(asked), min_size=1, unique=True))
    if target.extension == "abif":
        questions = questions[:1]
    lines = draw(st.lists(ballots(target, len(options), questions), max_size=6))
    withdrawn: frozenset[int] = frozenset()
    if Feature.WITHDRAWN in target.holds:
        withdrawn = draw(st.frozensets(st.integers(0, len(options) - 1), max_size=1))
    return BallotFile(options, tuple(lines), withdrawn=withdrawn)


@st.composite
def ballots(draw: st.DrawFn, target: Format, options: int, questions: list[str]) -> BallotLine:
    """Ballots that answer these questions."""
    everything = st.sampled_from(range(options))
    some = st.lists(everything, unique=True).map(sorted).map(tuple)
    numbers = st.integers(0, 99).map(Fraction)
    if target.extension != "abif":
        numbers = st.fractions(-9, 9, max_denominator=7)
    scored = draw(some.filter(lambda chosen: chosen or target.extension != "abif"))
    return BallotLine(
        weight=draw(weights(target)),
        ranking=draw(rankings(target, options)) if "ranking" in questions else None,
        approved=draw(some) if "approved" in questions else None,
        scores=tuple((at, draw(numbers)) for at in scored) if "scores" in questions else None,
        choice=draw(some)[:1] if "choice" in questions else None,
        group=draw(st.none() | st.sampled_from(["civil", "tech, or so"]))
        if Feature.GROUPS in target.holds
        else None,
    )


def weights(target: Format) -> st.SearchStrategy[Fraction]:
    """Weights greater than 0, whole ones where the format has no others."""
    whole = st.integers(1, 10**9).map(Fraction)
    return (
        whole | st.fractions(Fraction(1, 9), 9, max_denominator=10**6)
        if Feature.FRACTIONS in target.holds
        else whole
    )


@st.composite
def rankings(draw: st.DrawFn, target: Format, options: int) -> Ranking:
    """Tiers of options, all of them or some, tied or not."""
    order = draw(st.permutations(range(options)))
    kept = options
    if Feature.TRUNCATION in target.holds:
        kept = draw(st.integers(0, options))
    tiers: list[list[int]] = []
    for option in order[:kept]:
        if tiers and Feature.TIES in target.holds and draw(st.booleans()):
            tiers[-1].append(option)
        else:
            tiers.append([option])
    return tuple(tuple(sorted(tier)) for tier in tiers)
