"""Ballots as people fill them in: checked, explained, kept small, shown in a fair order.

`read_rules` is the way in: it gives the rules of a kind with its settings, whose `check` turns
what was filled in into the marks that are stored.
"""

from collections.abc import Mapping
from typing import Any

from deliberate.domain.ballots.agreement import Agreement, AgreementScale
from deliberate.domain.ballots.approval import Approval
from deliberate.domain.ballots.choice import Choice
from deliberate.domain.ballots.consent import Consent, ConsentBallot
from deliberate.domain.ballots.dots import Dots
from deliberate.domain.ballots.kinds import (
    WHOLE,
    Answer,
    BallotRules,
    Filled,
    Kind,
    Marks,
    decode,
    encode,
    field_of,
)
from deliberate.domain.ballots.order import Direction, display_order, move, put_in_order
from deliberate.domain.ballots.ranked import Ranked, tiers_of
from deliberate.domain.ballots.score import Score

__all__ = [
    "WHOLE",
    "Agreement",
    "AgreementScale",
    "Answer",
    "Approval",
    "BallotRules",
    "Choice",
    "Consent",
    "ConsentBallot",
    "Direction",
    "Dots",
    "Filled",
    "Kind",
    "Marks",
    "Ranked",
    "Score",
    "decode",
    "display_order",
    "encode",
    "field_of",
    "move",
    "put_in_order",
    "read_rules",
    "tiers_of",
]

RULES: Mapping[Kind, type[BallotRules]] = {
    rules.kind: rules
    for rules in (Ranked, Choice, Approval, Score, Dots, AgreementScale, ConsentBallot)
}


def read_rules(kind: Kind, settings: Mapping[str, Any]) -> BallotRules:
    """The rules of a kind with settings as `BallotRules.as_json` wrote them.

    Settings that are not named have their usual values. Raises `TypeError` for others.
    """
    given = {key: tuple(each) if isinstance(each, list) else each for key, each in settings.items()}
    return RULES[kind](**given)
