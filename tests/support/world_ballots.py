"""What ballots other than rankings keep."""

from deliberate.storage.ballots import list_ballots, replace_reasons
from deliberate.storage.database import Database
from deliberate.storage.polls import list_options


def add_reason(db: Database, poll_id: int) -> None:
    """A reason beside a ballot, as those of consent have; migrations back leave such polls out."""
    with db.writing() as tx:
        ballot, option = list_ballots(tx, poll_id)[0], list_options(tx, poll_id)[0]
        replace_reasons(tx, ballot.id, {option.id: "It would exclude us."})
