"""Who organizes, speaks, moderates and reports: lists of people gathered from the blocks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from deliberate.domain.errors import Invalid
from deliberate.importing.blocks import Block, introduced, is_running_text, of
from deliberate.importing.groups import regional_group, stakeholder_group
from deliberate.importing.labels import FIELDS, Field, fold_label
from deliberate.importing.lines import Piece, marker_kind
from deliberate.importing.page import Confidence, Doubt, DoubtKind, Source
from deliberate.importing.partition import is_row_of_names, split_entries
from deliberate.importing.people import Entry, is_header, read_entry
from deliberate.importing.shapes import is_body, is_certain_body, is_format, is_name

MOST_PEOPLE = 300
BLANK = re.compile(r"to be |tb[acd]\b|n/?a\b|none\b|not ", re.IGNORECASE)
UNSETTLED = re.compile(r"\b(?:tb[acd]|to be (?:confirmed|determined|announced))\b", re.IGNORECASE)
TOO_MANY = "This page names more people than a session has."
MODERATING = {Field.MODERATOR: 0, Field.ONSITE: 1, Field.ONLINE: 2}
UNKNOWN = {Field.GROUP: DoubtKind.GROUP_UNKNOWN, Field.REGION: DoubtKind.REGION_UNKNOWN}
NAMING = (*MODERATING, Field.RAPPORTEUR, Field.ORGANIZER, Field.PROPOSER, Field.COALITION)
"""Fields that show that a page has kept the labels of its roles."""
ORGANIZING = (
    Field.PROPOSER,
    Field.CO_PROPOSER,
    Field.PROPOSER_BODY,
    Field.CO_PROPOSER_BODY,
    Field.ORGANIZER,
    Field.COALITION,
)


@dataclass(slots=True)
class Roles:
    """The people of a page by role, with the doubts found on the way."""

    organizers: list[Entry] = field(default_factory=list)
    speakers: list[Entry] = field(default_factory=list)
    moderators: list[Entry] = field(default_factory=list)
    rapporteurs: list[Entry] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def read_roles(blocks: list[Block]) -> Roles:
    """All people of a page; each list names a person once."""
    roles = Roles()
    _add_unlabelled(blocks, roles)
    roles.organizers += _organizers(blocks, roles.doubts)
    for entry in _entries(of(blocks, Field.SPEAKER, Field.REMARKS), roles.doubts):
        _file_speaker(entry, roles)
    roles.moderators += _named(blocks, roles.doubts, *MODERATING)
    roles.rapporteurs += _named(blocks, roles.doubts, Field.RAPPORTEUR)
    roles.organizers = _once(_without_hosts(roles.organizers))
    _add_page_groups(blocks, roles.organizers, roles.doubts)
    roles.speakers = _once(roles.speakers)
    roles.moderators = _once(sorted(roles.moderators, key=lambda entry: entry.rank))
    roles.rapporteurs = _once(roles.rapporteurs)
    roles.doubts += _entry_doubts(roles)
    return roles


def _named(blocks: list[Block], doubts: list[Doubt], *fields: Field) -> list[Entry]:
    """The people of these fields; those of the report if the proposal names nobody yet."""
    found = list(_entries(of(blocks, *fields), doubts))
    reported = [block for block in blocks if block.kind in fields and block.reported]
    return found or list(_entries(reported, doubts))


def _entries(blocks: Iterable[Block], doubts: list[Doubt]) -> Iterator[Entry]:
    """The people of labelled blocks, in the order of the page. Raises Invalid for a flood."""
    total = 0
    for block in blocks:
        found = [entry for piece in block.pieces for entry in _of_line(block, piece, doubts)]
        total += len(found)
        if total > MOST_PEOPLE * 4:
            raise Invalid(TOO_MANY)
        yield from found if block.kind in ORGANIZING else _stacked(found)


def _stacked(entries: list[Entry]) -> Iterator[Entry]:
    """Entries of which each takes the line below it when that names only its body or group."""
    above: Entry | None = None
    for entry in entries:
        if above and _completes(above, entry):
            above = _completed(above, entry)
            continue
        if above and _is_somebody(above):
            yield above
        above = entry
    if above and _is_somebody(above):
        yield above


def _completes(above: Entry, entry: Entry) -> bool:
    """Whether a line holds nothing but a body, or a group, that is missing in the name above it."""
    full = above.name and len(above.name.split()) > 1 and not is_body(above.name)
    if not full or not 0 < entry.line - _last_line(above) <= 2:
        return False
    if entry.name is None:
        return not (above.group and entry.group) and not (above.region and entry.region)
    empty = not above.affiliation and not above.group and not above.region
    return empty and not entry.affiliation and is_body(entry.name)


def _last_line(entry: Entry) -> int:
    return max((span.line for span in entry.source.spans), default=0) if entry.source else 0


def _is_somebody(entry: Entry) -> bool:
    """Whether an entry names more than a region."""
    return bool(entry.name or entry.group)


def _completed(above: Entry, entry: Entry) -> Entry:
    """A bare name with the affiliation and groups of the line below it."""
    sources = [one.source for one in (above, entry) if one.source]
    spans = tuple(span for source in sources for span in source.spans)
    source = Source(spans, sources[0].confidence)
    body = replace(entry, affiliation=entry.affiliation or entry.name)
    return replace(above.filled_from(body), source=source)


def _of_line(block: Block, piece: Piece, doubts: list[Doubt]) -> Iterator[Entry]:
    """The people of one line."""
    organizing = block.kind in ORGANIZING
    is_list = len(block.pieces) == 1 and not organizing
    if is_list and is_row_of_names(piece.text):
        doubts.append(Doubt(DoubtKind.NAMES_IN_A_ROW, piece.line))
    for part in _parted(piece, is_list=is_list):
        if is_running_text(part.text) or is_header(part.text):
            continue
        entry = read_entry(part, organizing=organizing, confidence=block.confidence)
        if entry:
            yield replace(entry, number=block.number, rank=MODERATING.get(block.kind, 0))
        elif len(part.text) > 5 and not part.text.endswith(":") and not _is_blank(part.text):
            doubts.append(Doubt(DoubtKind.NOT_A_PERSON, part.line))


def _parted(piece: Piece, *, is_list: bool) -> Iterator[Piece]:
    """The people of a line; of one with a note behind a colon, the words before it."""
    if is_running_text(piece.text) and (end := introduced(piece.text)):
        return split_entries(piece.cut(0, end))
    return split_entries(piece, is_list=is_list)


def _is_blank(text: str) -> bool:
    """Whether words only say that nobody is named yet."""
    return bool(BLANK.match(text)) or bool(UNSETTLED.search(text[:120]))


def _file_speaker(entry: Entry, roles: Roles) -> None:
    """Put a `Role: Name` entry under its role; any other role is a speaker's."""
    kind = FIELDS.get(fold_label(entry.role)) if entry.role else None
    if kind in MODERATING:
        roles.moderators.append(replace(entry, rank=MODERATING[kind]))
    elif kind is Field.RAPPORTEUR:
        roles.rapporteurs.append(entry)
    else:
        group = entry.group or stakeholder_group(entry.role) if entry.role else entry.group
        roles.speakers.append(replace(entry, group=group))


def _organizers(blocks: list[Block], doubts: list[Doubt]) -> Iterator[Entry]:
    """Organizers; a proposer's organisation counts only where no name is given."""
    named = [Field.PROPOSER, Field.CO_PROPOSER]
    found = list(of(blocks, *ORGANIZING))
    for block in found:
        if block.kind in {Field.PROPOSER_BODY, Field.CO_PROPOSER_BODY}:
            wanted = named[block.kind is Field.CO_PROPOSER_BODY]
            if any(other.kind is wanted for other in found):
                continue
        yield from _entries([block], doubts)


def _without_hosts(entries: list[Entry]) -> list[Entry]:
    """Organizers without an organisation's line that its own people follow."""
    kept = []
    for at, entry in enumerate(entries):
        bare = entry.affiliation is None and entry.group is None
        after = [(other.affiliation or "").casefold() for other in entries[at + 1 :]]
        if not (bare and any(_is_same_body((entry.name or "").casefold(), one) for one in after)):
            kept.append(entry)
    return kept


def _is_same_body(name: str, affiliation: str) -> bool:
    """Whether an affiliation names the body, or the body's line holds the affiliation."""
    if not name or not affiliation:
        return False
    return name in affiliation or (len(affiliation) > 4 and affiliation in name)


def _once(entries: list[Entry]) -> list[Entry]:
    """Each person once: the first stays and takes missing details from the later ones."""
    known: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        key = entry.key()
        known[key] = known[key].filled_from(entry) if key in known else entry
    if len(known) > MOST_PEOPLE:
        raise Invalid(TOO_MANY)
    return list(known.values())


def _add_page_groups(blocks: list[Block], organizers: list[Entry], doubts: list[Doubt]) -> None:
    """Give the page's own group lines to the proposer, a second set to the co-proposer."""
    sets: list[Entry] = [Entry(None)]
    seen: set[Field] = set()
    for block in of(blocks, Field.GROUP, Field.REGION, Field.COUNTRY):
        if block.kind in seen:
            sets.append(Entry(None))
            seen.clear()
        seen.add(block.kind)
        if block.kind is not Field.COUNTRY:
            sets[-1] = sets[-1].filled_from(_page_group(block, doubts))
    for at, entry in enumerate(sets[: len(organizers)]):
        organizers[at] = organizers[at].filled_from(entry)


def _page_group(block: Block, doubts: list[Doubt]) -> Entry:
    """The group of one `Stakeholder Group:` or `Regional Group:` line."""
    piece = block.pieces[0]
    source = piece.source(block.confidence)
    if block.kind is Field.GROUP:
        entry = Entry(None, group=stakeholder_group(piece.text), source=source)
    else:
        entry = Entry(None, region=regional_group(piece.text), source=source)
    if not entry.group and not entry.region:
        doubts.append(Doubt(UNKNOWN[block.kind], piece.line))
    return entry


def _add_unlabelled(blocks: list[Block], roles: Roles) -> None:
    """People on lines that have lost their label, told by shape and position."""
    listed = any(block.kind is Field.SPEAKER and block.pieces for block in blocks)
    if not listed:
        _add_loose(blocks, roles)
        return
    first = next(
        at for at, block in enumerate(blocks) if block.kind is Field.SPEAKER and block.pieces
    )
    if not any(block.kind in ORGANIZING and block.pieces for block in blocks):
        _add_hosts(blocks[:first], roles)
    if not any(block.kind in {*MODERATING, Field.RAPPORTEUR} for block in blocks):
        _add_by_position(blocks[first:], roles)


def _add_loose(blocks: list[Block], roles: Roles) -> None:
    """Speakers of a page without a list of them: lines `Name, affiliation` before any prose.

    Where no role is named at all, whoever is named again, and those below, hold other roles.
    """
    found: list[Entry] = []
    for block in blocks:
        if block.kind in {Field.REMARKS, Field.MODERATOR, Field.ONSITE} and block.head:
            _move_list(block, found, roles.doubts)
        elif block.kind is Field.LOOSE and block.head:
            found += [entry for piece in block.pieces for entry in shaped(piece)]
    named = any(block.kind in NAMING and block.pieces for block in blocks)
    again = len(found) if named else _named_again(found)
    roles.speakers += found[:again]
    if again < len(found):
        _file_by_position(found[again:], roles)
        _add_hosts(_above(blocks, found[0].line), roles)


def _named_again(entries: list[Entry]) -> int:
    """The place of the first entry that repeats an earlier one; their number without one."""
    seen: set[tuple[str, ...]] = set()
    for at, entry in enumerate(entries):
        if entry.key() in seen:
            return at
        seen.add(entry.key())
    return len(entries)


def _above(blocks: list[Block], line: int) -> list[Block]:
    """What stands above a line."""
    return [
        replace(block, pieces=[piece for piece in block.pieces if piece.line < line])
        for block in blocks
    ]


def _move_list(block: Block, found: list[Entry], doubts: list[Doubt]) -> None:
    """Take the bullets below `Introductory remarks: Name` or `Moderator: Name` as speakers."""
    if not block.inline:
        return
    if block.kind is Field.REMARKS:
        found += _of_line(block, block.pieces[0], doubts)
    for piece in block.pieces[1:]:
        found += _of_line(block, piece, doubts) if marker_kind(piece.text) else shaped(piece)
    del block.pieces[0 if block.kind is Field.REMARKS else 1 :]


def shaped(piece: Piece) -> Iterator[Entry]:
    """People on an unlabelled line of the shape `Name, more`."""
    if is_running_text(piece.text) or is_format(piece.text):
        return
    for part in split_entries(piece):
        first, _, more = part.text.partition(",")
        record = "|" in part.text and "Name" in part.text
        if record or (more and is_name(first.strip()) and not is_body(first)):
            entry = read_entry(part, organizing=False, confidence=Confidence.SHAPE)
            if entry:
                yield entry


def _add_hosts(blocks: list[Block], roles: Roles) -> None:
    """Organizers above the speakers: bare organisations, records and `Name, Organisation`."""
    for block in blocks:
        if block.kind is not Field.LOOSE or not block.head:
            continue
        for piece in block.pieces:
            found = list(shaped(piece))
            if not found and not is_running_text(piece.text) and len(piece.text.split()) < 16:
                found = _host(piece)
            roles.organizers += found
            roles.doubts += [Doubt(DoubtKind.ROLE_BY_POSITION, entry.line) for entry in found]


def _host(piece: Piece) -> list[Entry]:
    """A bare line that names an organisation."""
    entry = read_entry(piece, organizing=True, confidence=Confidence.SHAPE)
    return [entry] if entry and (entry.body or is_body(piece.text)) else []


def _add_by_position(blocks: list[Block], roles: Roles) -> None:
    """Lines of people below the speakers: moderators, and last the rapporteur."""
    loose = [
        entry
        for block in blocks
        if block.kind is Field.LOOSE and block.head
        for piece in block.pieces
        if not marker_kind(piece.text)
        for entry in shaped(piece)
    ]
    _file_by_position(loose, roles)


def _file_by_position(loose: list[Entry], roles: Roles) -> None:
    """Moderators first, then the rapporteur, as the site lays its pages out."""
    roles.moderators += loose[:1] if len(loose) < 3 else loose[:2]
    roles.rapporteurs += loose[1:2] if len(loose) == 2 else loose[2:3]
    roles.doubts += [Doubt(DoubtKind.ROLE_BY_POSITION, entry.line) for entry in loose[:3]]


def _entry_doubts(roles: Roles) -> Iterator[Doubt]:
    """What is doubtful about single entries."""
    people = [*roles.speakers, *roles.moderators, *roles.rapporteurs]
    for entry in [*roles.organizers, *people]:
        yield from (Doubt(kind, entry.line) for kind in sorted(entry.doubts))
    for entry in people:
        if entry.name and is_body(entry.name) and is_certain_body(entry.name):
            yield Doubt(DoubtKind.BODY_AS_PERSON, entry.line)
