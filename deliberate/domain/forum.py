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
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"


class CurationKind(StrEnum):
    """What a curator decided; each decision is public and carries a reason."""

    ACCEPT = "accept"
    REWORD = "reword"
    SPLIT = "split"
    MERGE = "merge"
    DECLINE = "decline"
    SPLIT_OUTPUT = "split_output"
    OPEN = "open"
    IMPORT = "import"


class LineageKind(StrEnum):
    """How one question came from another."""

    SPLIT = "split"
    MERGE = "merge"
