"""The ways of counting ranked ballots. Another one is another file and another line here."""

from typing import Any

from deliberate.domain.tally.approval import ApprovalMethod
from deliberate.domain.tally.borda import BordaMethod
from deliberate.domain.tally.copeland import CopelandMethod
from deliberate.domain.tally.instant_runoff import InstantRunoffMethod
from deliberate.domain.tally.method import CountingMethod
from deliberate.domain.tally.ranked_pairs import RankedPairsMethod
from deliberate.domain.tally.schulze import SchulzeMethod
from deliberate.domain.tally.scottish_stv import ScottishStvMethod

_ALL: tuple[CountingMethod[Any], ...] = (
    SchulzeMethod(),
    RankedPairsMethod(),
    InstantRunoffMethod(),
    BordaMethod(),
    CopelandMethod(),
    ApprovalMethod(),
    ScottishStvMethod(),
)
METHODS = {method.name: method for method in _ALL}
"""Each method by its name."""
COMPARED = tuple(method.name for method in _ALL if not method.fills_several)
"""The methods whose orders stand beside each other on a result."""
METHOD_NAME_LABELS = {method.name: method.label for method in _ALL}
METHOD_HELP_LABELS = {method.name: method.help for method in _ALL}
"""What each is called and how it goes, in English; pages translate it."""
