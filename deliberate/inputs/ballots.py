"""A ballot as it is sent to be cast."""

from deliberate.domain.ballots import Filled
from deliberate.inputs.texts import Input, OptionalReason, SubmissionKey


class CastBallot(Input):
    """A mark for each option id, or None, and reasons; `submission_key` makes a resend harmless."""

    marks: dict[int, int | None]
    reasons: dict[int, OptionalReason] = {}
    is_blank: bool = False
    submission_key: SubmissionKey

    def as_filled(self) -> Filled:
        """The ballot as the domain checks it."""
        return Filled(self.marks, self.reasons, self.is_blank)
