"""What a forum session leaves behind, and what curators do with it."""

from enum import StrEnum


class SessionType(StrEnum):
    """Session types as this project names them (IGF session lists 2015 to 2025)."""

    WORKSHOP = "Workshop"
    OPEN_FORUM = "Open Forum"
    MAIN_SESSION = "Main Session"
    DYNAMIC_COALITION = "Dynamic Coalition"
    BEST_PRACTICE_FORUM = "Best Practice Forum"
    POLICY_NETWORK = "Policy Network"
    NRI_SESSION = "NRI Session"
    TOWN_HALL = "Town Hall"
    LIGHTNING_TALK = "Lightning Talk"
    NETWORKING_SESSION = "Networking Session"
    LAUNCH_AWARD_EVENT = "Launch / Award Event"
    DAY_0_EVENT = "Day 0 Event"
    HIGH_LEVEL_SESSION = "High-Level Session"
    PARLIAMENTARY_SESSION = "Parliamentary Session"
    YOUTH_SESSION = "Youth Session"
    OTHER = "Other"


class OutputKind(StrEnum):
    """What a session report offers beyond its questions."""

    KEY_TAKEAWAY = "key_takeaway"
    CALL_TO_ACTION = "call_to_action"


class QuestionState(StrEnum):
    """Where a policy question stands in curation; replaced ones keep their lineage."""

    IMPORTED = "imported"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        """The state in a word or two, as pages show it."""
        return STATE_LABELS[self]


STATE_LABELS = {
    QuestionState.IMPORTED: "Waiting for curation",
    QuestionState.IN_REVIEW: "In review",
    QuestionState.ACCEPTED: "Accepted, not open yet",
    QuestionState.DECLINED: "Declined",
    QuestionState.REPLACED: "Replaced",
}


class CurationKind(StrEnum):
    """What a curator decided; each decision is public and carries a reason."""

    IMPORT = "import"
    REVISE = "revise"
    ADD = "add"
    REVIEW = "review"
    ACCEPT = "accept"
    DECLINE = "decline"
    REWORD = "reword"
    SPLIT = "split"
    MERGE = "merge"
    SPLIT_OUTPUT = "split_output"
    CLASSIFY = "classify"
    DESIGN = "design"
    OPEN = "open"
    RESCHEDULE = "reschedule"
    ARCHIVE = "archive"
    REOPEN = "reopen"
    UNDO = "undo"
    RECUSE = "recuse"
    RETURN = "return"

    @property
    def label(self) -> str:
        """What was done, in a word or two, as the log shows it."""
        return KIND_LABELS[self]


KIND_LABELS = {
    CurationKind.IMPORT: "Imported",
    CurationKind.REVISE: "Imported again",
    CurationKind.ADD: "Added",
    CurationKind.REVIEW: "Sent to review",
    CurationKind.ACCEPT: "Accepted",
    CurationKind.DECLINE: "Declined",
    CurationKind.REWORD: "Reworded",
    CurationKind.SPLIT: "Split",
    CurationKind.MERGE: "Merged",
    CurationKind.SPLIT_OUTPUT: "Split into points",
    CurationKind.CLASSIFY: "Classified",
    CurationKind.DESIGN: "Process designed",
    CurationKind.OPEN: "Opened",
    CurationKind.RESCHEDULE: "Dates changed",
    CurationKind.ARCHIVE: "Archived",
    CurationKind.REOPEN: "New round",
    CurationKind.UNDO: "Undone",
    CurationKind.RECUSE: "Stands aside",
    CurationKind.RETURN: "No longer stands aside",
}


class LineageKind(StrEnum):
    """How one question came from another."""

    SPLIT = "split"
    MERGE = "merge"
