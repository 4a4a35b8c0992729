"""Who takes part: roles, stakeholder groups, regional groups and the actor behind a request."""

from dataclasses import dataclass, field
from enum import StrEnum


class StakeholderGroup(StrEnum):
    """The groups of IGF forms since 2017, spelled as the IGF spells them, plus Academia.

    Academics have no group of their own in IGF forms but appear as one on session pages,
    so `ACADEMIA` is read from pages; `registrable()` lists what a person may choose.
    """

    CIVIL_SOCIETY = "Civil Society"
    GOVERNMENT = "Government"
    INTERGOVERNMENTAL = "Intergovernmental Organization"
    PRIVATE_SECTOR = "Private Sector"
    TECHNICAL = "Technical Community"
    ACADEMIA = "Academia"

    @classmethod
    def registrable(cls) -> tuple["StakeholderGroup", ...]:
        """The five groups that results are shown by, in alphabetical order."""
        return (
            cls.CIVIL_SOCIETY,
            cls.GOVERNMENT,
            cls.INTERGOVERNMENTAL,
            cls.PRIVATE_SECTOR,
            cls.TECHNICAL,
        )


class RegionalGroup(StrEnum):
    """The regional groups of the United Nations and the label for intergovernmental bodies."""

    AFRICA = "African Group"
    ASIA_PACIFIC = "Asia-Pacific Group"
    EASTERN_EUROPE = "Eastern European Group"
    INTERGOVERNMENTAL = "Intergovernmental Organization"
    LATIN_AMERICA = "Latin American and Caribbean Group (GRULAC)"
    WESTERN_EUROPE = "Western European and Others Group (WEOG)"


class Role(StrEnum):
    """What a person may be trusted with beyond taking part."""

    STAKEHOLDER = "stakeholder"
    MAG_MEMBER = "mag_member"
    FACILITATOR = "facilitator"
    SECRETARIAT = "secretariat"


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Where a person stands; self-declared unless a role says otherwise."""

    group: StakeholderGroup
    region: RegionalGroup
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. Built once per request and cut loose from the database.

    `id` is None for a visitor. `second_step` says that a second step of signing in is set up,
    `second_step_asked` that this site asks it of everybody who holds a role; `has_mandate` that
    the secretariat confirmed that this person speaks for the organisation they name. `unread`
    counts what waits in the inbox, up to a hundred. The `is_…` and
    `get_id` members are what Flask-Login expects of its user object, so the actor is that object.
    """

    id: int | None = None
    name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    affiliation: Affiliation | None = None
    locale: str | None = None
    zone: str = "UTC"
    second_step: bool = False
    second_step_asked: bool = False
    has_mandate: bool = False
    unread: int = 0

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in."""
        return self.id is not None

    @property
    def is_active(self) -> bool:
        """Whether the account may be used; suspended people never become actors."""
        return self.id is not None

    @property
    def is_anonymous(self) -> bool:
        """Whether this is a visitor."""
        return self.id is None

    @property
    def second_step_due(self) -> bool:
        """Whether roles rest until the second step is set up."""
        holds_role = bool(self.roles - {Role.STAKEHOLDER})
        return holds_role and self.second_step_asked and not self.second_step

    def get_id(self) -> str:
        """The id as Flask-Login wants it."""
        return str(self.id)

    def has(self, role: Role) -> bool:
        """Whether the role was granted to this actor."""
        return role in self.roles


VISITOR = Actor()
FORMER_PARTICIPANT = "Former participant"
"""The name of everybody whose account was deleted."""
