"""Entries of lists of people: names, affiliations and groups."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.importing.groups import (
    is_foreign_region,
    is_misspelt,
    names_two_groups,
    regional_group,
    stakeholder_group,
)
from deliberate.importing.labels import fold_label
from deliberate.importing.lines import Piece
from deliberate.importing.page import Confidence, DoubtKind, Source
from deliberate.importing.partition import COMMA_RECORD, bracketed
from deliberate.importing.sentences import outside
from deliberate.importing.shapes import is_body, is_certain_body, is_name

HONORIFIC = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|mme|dr|prof|hon)(?:\.(?!-)\s*|\s+)|H\.\s?E\.?\s+)", re.IGNORECASE
)
NOBODY = re.compile(
    r"(?:tbc|tbd|tba|tbh|to be (?:confirmed|determined|decided|announced|completed|defined)|n/?a|"
    r"none|nil|not applicable|not (?:yet )?(?:confirmed|known)|confirmed|[-–—.?]+|x+)\.?$",
    re.IGNORECASE,
)
STATUS = re.compile(r"\s*[(\[](?:tbc|tbd|confirmed|to be confirmed|online|onsite|remote|invited|"
                    r"in person)[)\]]", re.IGNORECASE)  # fmt: skip
DROPPED = re.compile(r"(?:fe)?male|confirmed|tbc|tbd|to be confirmed|invited", re.IGNORECASE)
UNCONFIRMED = re.compile(r"\s+[–—-]?\s*(?:tbc|tbd|tba|to be confirmed)$", re.IGNORECASE)
PLACEHOLDER = re.compile(
    r"(?:[^\s,]+ ){0,3}(?:names?|speakers?|moderators?|rapporteurs?|persons?|representatives?|"
    r"panell?ists?|experts?)(?: \d{1,2})?\s+[–—-]?\s*(?:tbc|tbd|tba|to be \w+)$",
    re.IGNORECASE,
)
WORD, PART, KEYED = re.compile(r"\w+"), re.compile(r"[,|]"), re.compile(r"[^|:]{2,40}:")
ABBREVIATED = re.compile(
    r"(?:\b(?:inc|ltd|co|corp|llc|bros|dept|univ)|\.\w{1,3})\.$", re.IGNORECASE
)
COLUMNS = frozenset(
    ["name", "full name", "first name", "last name", "surname", "title", "organization", "gender",
     "affiliation", "stakeholder", "stakeholder group", "region", "regional group", "country",
     "role", "position"]
)  # fmt: skip
ASIDE = re.compile(r"\s+[–—-]\s+|\s*,\s*")
GROUPED = re.compile(r"(.{2,120}?)\s*\(([^()]{2,70})\)")
ROLE = re.compile(r"([^:,|]{2,50}):\s+(?=\S)")
TAIL = re.compile(r"\s+[–—-]\s+|\s*\((?=[^()]{2,120}\)$)")
LONGEST = 600
NAME_KEYS = frozenset(["name", "full name", "speaker", "speaker name"])
BODY_KEYS = ("organi", "affiliation", "institution", "company")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person, or one organisation listed as organizer (`body`)."""

    name: str | None
    affiliation: str | None = None
    group: StakeholderGroup | None = None
    region: RegionalGroup | None = None
    source: Source | None = None
    role: str = ""
    number: int | None = None
    rank: int = 0
    body: bool = False
    doubts: frozenset[DoubtKind] = frozenset()

    @property
    def line(self) -> int:
        """The line where the entry begins."""
        return self.source.line if self.source else 0

    def key(self) -> tuple[str, ...]:
        """What two spellings of the same person share: the words in any order and case."""
        if self.name is None:
            return ("", str(self.number), str(self.group), str(self.region))
        return tuple(sorted(WORD.findall(self.name.casefold()))) or (self.name,)

    def filled_from(self, other: "Entry") -> "Entry":
        """This entry with what only the other one tells, and with the place of what it took."""
        filled = replace(
            self,
            affiliation=self.affiliation or other.affiliation,
            group=self.group or other.group,
            region=self.region or other.region,
        )
        if filled == self or not other.source:
            return filled
        spans = self.source.spans if self.source else ()
        source = Source(spans + other.source.spans, (self.source or other.source).confidence)
        return replace(filled, source=source, doubts=self.doubts | other.doubts)


def is_header(text: str) -> bool:
    """Whether a line is the first row of a table: `Name, Organization, Stakeholder Group`."""
    parts = PART.split(text)
    return len(parts) > 1 and all(fold_label(part) in COLUMNS for part in parts)


def read_entry(piece: Piece, *, organizing: bool, confidence: Confidence) -> Entry | None:
    """One person or body, or None for a blank, a `TBC`, or words that name nobody."""
    if not piece.text or len(piece.text) > LONGEST:
        return None
    source = piece.source(confidence)
    if piece.text.count("|") and KEYED.match(piece.text):
        return _record(piece, source)
    if piece.text.count("|") == 1:
        piece = piece.cut(0, piece.text.index("|"))
    role, piece = _role(piece)
    parts = [part for part in _parts(piece.text) if part]
    if not parts or NOBODY.match(parts[0]) or PLACEHOLDER.match(parts[0]):
        return None
    parts[0] = UNCONFIRMED.sub("", parts[0])
    if COMMA_RECORD.match(piece.text):
        return _comma_record(parts, replace(source, confidence=Confidence.DERIVED))
    entry = _named(parts, organizing)
    return replace(entry, source=source, role=role) if entry else None


def _role(piece: Piece) -> tuple[str, Piece]:
    """`Role: Name` as the role and the rest."""
    match = ROLE.match(piece.text)
    if not match or len(match.group(1).split()) > 6:
        return "", piece
    return match.group(1).strip(), piece.cut(match.end())


def _parts(text: str) -> list[str]:
    """Parts between commas (or pipes) that stand outside brackets and quotations."""
    points = [match.start() for match in PART.finditer(text)]
    kept = outside(points, bracketed(text))
    edges = [-1, *kept, len(text)]
    parts = [STATUS.sub("", text[low + 1 : high]).strip() for low, high in pairwise(edges)]
    last = parts[-1].rstrip(" ") if ABBREVIATED.search(parts[-1]) else parts[-1].rstrip(" .")
    return [*parts[:-1], last if len(parts) > 1 else parts[-1]]


def _comma_record(parts: list[str], source: Source) -> Entry | None:
    """`Mr.,First,LAST,Group,Org` of the 2017 lists."""
    names = parts[1:3]
    if not names:
        return None
    group = next((found for part in parts[3:] if (found := stakeholder_group(part))), None)
    bodies = [part for part in parts[3:] if stakeholder_group(part) is None]
    body = ", ".join(bodies) or None
    doubts = _group_doubts(part for part in parts[3:] if stakeholder_group(part))
    return Entry(" ".join(names), body, group, None, source, doubts=doubts)


def _record(piece: Piece, source: Source) -> Entry | None:
    """`Name: … | Organizational Affiliation: … | Stakeholder: … | Regional Group: …`."""
    entry = Entry(None, source=source)
    for part in piece.text.split("|"):
        key, _, value = part.partition(":")
        entry = _with_key(entry, key.casefold().strip(), value.strip(" ,;"))
    return entry if entry.name else None


def _with_key(entry: Entry, key: str, value: str) -> Entry:
    """The entry with one keyed value added."""
    if not value or NOBODY.match(value):
        return entry
    if key in NAME_KEYS or key.endswith(" name"):
        return replace(entry, name=_bare_name(value) or None)
    if "stakeholder" in key:
        group = stakeholder_group(value)
        doubts = _group_doubts([value]) if group else {DoubtKind.GROUP_UNKNOWN}
        return replace(entry, group=group, doubts=entry.doubts | doubts)
    if "region" in key:
        region = regional_group(value)
        doubts = frozenset() if region else frozenset([DoubtKind.REGION_UNKNOWN])
        return replace(entry, region=region, doubts=entry.doubts | doubts)
    if any(word in key for word in BODY_KEYS):
        return replace(entry, affiliation=value)
    return entry


def _named(parts: list[str], organizing: bool) -> Entry | None:
    """`Name[, affiliation …][, group[, region]]`, or groups alone on an anonymised page."""
    first, rest = parts[0], [part for part in parts[1:] if not DROPPED.fullmatch(part)]
    if stakeholder_group(first) and not is_misspelt(first):
        return _with_groups(None, [first, *rest])
    grouped = GROUPED.fullmatch(first) if organizing and first.endswith(")") else None
    if grouped and _is_group(grouped.group(2)):
        first, rest = grouped.group(1), [*rest, grouped.group(2)]
    if organizing and is_body(first) and len(first.split()) <= 25:
        return _body(first, rest)
    if not rest and regional_group(first):
        return _with_groups(None, [first])
    if not rest and is_foreign_region(first):
        return Entry(None, doubts=frozenset([DoubtKind.REGION_UNKNOWN]))
    name, aside = _aside(_bare_name(first))
    if not name or not (is_name(name) or (organizing and len(name.split()) <= 25)):
        return None
    return _with_groups(name, ["", *_aside_parts(aside), *rest])


def _is_group(words: str) -> bool:
    return stakeholder_group(words) is not None or regional_group(words) is not None


def _body(first: str, rest: list[str]) -> Entry:
    """An organisation listed as organizer; a place or parent body after a comma belongs to it."""
    entry = _with_groups(None, ["", *rest])
    if entry.affiliation and is_certain_body(first):
        return replace(entry, name=f"{first}, {entry.affiliation}", affiliation=None, body=True)
    return replace(entry, name=first, body=True)


def _aside(name: str) -> tuple[str, str]:
    """`Name (Organisation)` or `Name - Organisation` in two."""
    match = TAIL.search(name)
    if not match or not is_name(name[: match.start()]) or len(name[: match.start()].split()) < 2:
        return name, ""
    return name[: match.start()].strip(), name[match.end() :].strip(" )")


def _aside_parts(aside: str) -> list[str]:
    """`Organisation – Civil Society` in two; whole if no group ends it."""
    parts = [part for part in ASIDE.split(aside) if part]
    grouped = parts and (stakeholder_group(parts[-1]) or regional_group(parts[-1]))
    return parts if grouped else [aside] * bool(aside)


def _with_groups(name: str | None, parts: list[str]) -> Entry:
    """An entry whose trailing parts are taken as group and region, the rest as affiliation."""
    group, region, taken, foreign = _trailing(parts)
    kept = [part for part in parts[: len(parts) - taken] if part]
    doubts = _group_doubts(part for part in parts[len(parts) - taken :] if part)
    if foreign:
        doubts |= {DoubtKind.REGION_UNKNOWN}
    return Entry(name, ", ".join(kept) or None, group, region, doubts=doubts)


def _group_doubts(parts: Iterable[str]) -> frozenset[DoubtKind]:
    """Doubts about the spelling of groups: several in one, or known only by likeness."""
    found = set()
    for part in parts:
        if names_two_groups(part):
            found.add(DoubtKind.TWO_GROUPS)
        elif not is_foreign_region(part) and is_misspelt(part):
            found.add(DoubtKind.GROUP_CORRECTED)
    return frozenset(found)


def _trailing(
    parts: list[str],
) -> tuple[StakeholderGroup | None, RegionalGroup | None, int, bool]:
    """Group, region, how many parts they fill, and whether the region is no UN group.

    A single `Intergovernmental Organization`, which is both, is the group.
    """
    last = parts[-1] if parts else ""
    before = stakeholder_group(parts[-2]) if len(parts) > 1 else None
    region, group = regional_group(last), stakeholder_group(last)
    if before and region:
        return before, region, 2, False
    if before and is_foreign_region(last):
        return before, None, 2, True
    if group:
        first = regional_group(parts[-2]) if len(parts) > 1 else None
        return group, first, 2 if first else 1, False
    return None, region, 1 if region else 0, False


def _bare_name(text: str) -> str:
    """A name without titles in front of it."""
    for _ in range(4):
        match = HONORIFIC.match(text)
        if not match:
            break
        text = text[match.end() :]
    return text.strip(" ,;")
