"""Stakeholder and regional groups as pages spell them, matched to the IGF's own spelling."""

import re
from difflib import get_close_matches
from functools import lru_cache

from deliberate.domain.people import RegionalGroup, StakeholderGroup

GROUPS: dict[str, StakeholderGroup] = {
    "civil society": StakeholderGroup.CIVIL_SOCIETY,
    "government": StakeholderGroup.GOVERNMENT,
    "intergovernmental organization": StakeholderGroup.INTERGOVERNMENTAL,
    "igo": StakeholderGroup.INTERGOVERNMENTAL,
    "private sector": StakeholderGroup.PRIVATE_SECTOR,
    "technical community": StakeholderGroup.TECHNICAL,
    "academia": StakeholderGroup.ACADEMIA,
    "academic community": StakeholderGroup.ACADEMIA,
}
REGIONS: dict[str, RegionalGroup] = {
    "african": RegionalGroup.AFRICA,
    "africa": RegionalGroup.AFRICA,
    "asia pacific": RegionalGroup.ASIA_PACIFIC,
    "asian pacific": RegionalGroup.ASIA_PACIFIC,
    "apac": RegionalGroup.ASIA_PACIFIC,
    "eastern european": RegionalGroup.EASTERN_EUROPE,
    "eastern europe": RegionalGroup.EASTERN_EUROPE,
    "eeg": RegionalGroup.EASTERN_EUROPE,
    "intergovernmental organization": RegionalGroup.INTERGOVERNMENTAL,
    "igo": RegionalGroup.INTERGOVERNMENTAL,
    "latin american and caribbean": RegionalGroup.LATIN_AMERICA,
    "latin america and caribbean": RegionalGroup.LATIN_AMERICA,
    "latin america and the caribbean": RegionalGroup.LATIN_AMERICA,
    "grulac": RegionalGroup.LATIN_AMERICA,
    "lac": RegionalGroup.LATIN_AMERICA,
    "western european and others": RegionalGroup.WESTERN_EUROPE,
    "western europe and others": RegionalGroup.WESTERN_EUROPE,
    "western european and other": RegionalGroup.WESTERN_EUROPE,
    "western europe and other": RegionalGroup.WESTERN_EUROPE,
    "weog": RegionalGroup.WESTERN_EUROPE,
}
NOT_UN_REGIONS = frozenset(
    [
        "north america",
        "western europe",
        "europe",
        "oceania",
        "asia",
        "middle east",
        "latin america",
        "central america",
        "south america",
        "caribbean",
        "central asia",
        "south asia",
        "southeast asia",
        "south east asia",
        "east asia",
        "mena",
        "pacific",
        "global",
        "international",
        "worldwide",
        "americas",
        "northern america",
        "middle east and north africa",
        "north africa",
        "sub saharan africa",
    ]
)
ACRONYM = re.compile(r"\((?:weog|grulac|apac|eeg|igo|s|un)\)")
NO_WORD = re.compile(r"[^\w/]+")
SLASH = re.compile(r"\s*/\s*")
PLURAL = re.compile(r"\b(organization|government|group|sector)s\b")
REGION_END = re.compile(r" (?:regional )?group(?: (?:weog|grulac|apac|eeg))?$")
LONGEST = 70
NEAR = 0.88


def stakeholder_group(words: str) -> StakeholderGroup | None:
    """The stakeholder group these words name, misspelt by a letter or two at most."""
    return _group(words) if len(words) <= LONGEST else None


def regional_group(words: str) -> RegionalGroup | None:
    """The regional group these words name; None for a region that is not a UN group."""
    return _region(words) if len(words) <= LONGEST else None


def is_foreign_region(words: str) -> bool:
    """Whether these words name a region that is not a group of the United Nations."""
    return len(words) <= LONGEST and _fold(words) in NOT_UN_REGIONS


def is_misspelt(words: str) -> bool:
    """Whether a group was recognised only by its likeness."""
    folded = _fold(words)
    return folded not in GROUPS and _bare(folded) not in REGIONS


def names_two_groups(words: str) -> bool:
    """Whether words name several groups at once, such as `Civil Society/Academia`."""
    return len(words) <= LONGEST and sum(part in GROUPS for part in _fold(words).split("/")) > 1


@lru_cache(maxsize=1024)
def _group(words: str) -> StakeholderGroup | None:
    folded = _fold(words)
    if "/" in folded:
        return next((GROUPS[part] for part in folded.split("/") if part in GROUPS), None)
    near = get_close_matches(folded, GROUPS, 1, NEAR) if len(folded) > 6 else []
    return GROUPS.get(folded) or (GROUPS[near[0]] if near else None)


@lru_cache(maxsize=1024)
def _region(words: str) -> RegionalGroup | None:
    folded = _fold(words)
    bare = _bare(folded)
    if bare in NOT_UN_REGIONS:
        return None
    long = [name for name in REGIONS if len(name) > 6]
    near = get_close_matches(bare, long, 1, NEAR) if len(bare) > 6 else []
    return REGIONS.get(bare) or (REGIONS[near[0]] if near else None)


def _bare(folded: str) -> str:
    """A region's words without `group` and acronym behind them."""
    return REGION_END.sub("", folded)


@lru_cache(maxsize=2048)
def _fold(words: str) -> str:
    """Words without case, plural, brackets, dashes and British spelling."""
    name = words.casefold().replace("organisation", "organization").replace("&", "and")
    name = name.replace("inter-governmental", "intergovernmental")
    name = ACRONYM.sub("", name)
    name = NO_WORD.sub(" ", name)
    name = SLASH.sub("/", name).strip()
    name = PLURAL.sub(r"\1", name)
    return name.replace("communities", "community")
