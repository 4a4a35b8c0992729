"""How the comments of a stretch stand under each other on a page.

The first steps are nested lists, so that each branch can be folded away. Deeper replies stand in
one list and name whom they answer; so does a reply whose parent is not on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from deliberate.domain.threads import MAX_INDENT, path_ids
from deliberate.storage.comments import CommentLine
from deliberate.storage.threads import COUNTED, ThreadPage


@dataclass(frozen=True, slots=True)
class Rest:
    """The replies of a branch that are not on the page: under which comment, and after which.

    `after` is None where some before it are left out too, so that only the whole branch makes
    sense. `count` is how many there are, None where it is not known; `is_more` says that there
    are more than `count`.
    """

    head: int
    after: int | None
    count: int | None
    is_more: bool = False


@dataclass(slots=True)
class Node:
    """A comment with the replies that are drawn under it.

    `level` is how deep its list is nested; `outset` by how many steps it stands out from that
    list, which is `among`; `is_apart` that its parent is not the one right above it. `replies`
    counts those under it on any page, where that is known.
    """

    line: CommentLine
    level: int
    outset: int = 0
    among: list["Node"] = field(default_factory=list, repr=False)
    is_apart: bool = False
    is_locked: bool = False
    children: list["Node"] = field(default_factory=list)
    replies: int | None = None
    rest: Rest | None = None

    @property
    def counts_more(self) -> bool:
        """Whether there are more replies than were counted."""
        return self.replies is not None and self.replies > COUNTED

    @property
    def counted(self) -> int | None:
        """How many replies to name; None where it is not known."""
        return min(self.replies, COUNTED) if self.replies is not None else None


def grow(thread: ThreadPage) -> list[Node]:
    """The comments of a stretch as trees, in the order given."""
    if thread.matches is not None:
        return [Node(line, 0) for line in thread.comments]
    tops: list[Node] = []
    placed: dict[int, Node] = {}
    base = thread.head
    for line in [base, *thread.comments] if base else thread.comments:
        if line is base or line.depth == 0:
            node = Node(line, 0, is_locked=line.is_locked)
            tops.append(node)
        else:
            node = _place(line, placed, tops[-1])
        placed[line.id] = node
    for top in tops:
        _tell_rest(top, thread)
    return tops


def _place(line: CommentLine, placed: Mapping[int, Node], top: Node) -> Node:
    """Put a reply into the list it belongs to."""
    locked = top.is_locked or line.is_locked
    parent = placed.get(line.parent_id or 0)
    if parent is not None and parent.level + parent.outset < MAX_INDENT:
        node = Node(line, parent.level + 1, among=parent.children, is_locked=locked)
    elif parent is not None:
        # As deep as lists go: it follows in the list of the one it answers.
        node = Node(
            line, parent.level, parent.outset, among=parent.among, is_apart=True, is_locked=locked
        )
    else:
        outset = max(min(line.depth - top.line.depth, MAX_INDENT) - 1, 0)
        node = Node(line, 1, outset, among=top.children, is_apart=True, is_locked=locked)
    node.among.append(node)
    return node


def _tell_rest(top: Node, thread: ThreadPage) -> None:
    """Say of a thread how much of it is elsewhere."""
    if thread.head is not None:
        if thread.next_after is not None:
            top.rest = Rest(thread.head.id, int(thread.next_after), None)
        return
    known = thread.replies.get(top.line.id)
    if known is None:
        return
    top.replies = known
    here = [line for line in thread.comments if path_ids(line.path)[0] == top.line.id]
    if known >= len(here):
        after = None if top.line.id == thread.gap_in else here[-1].id
        left = min(known, COUNTED) - len(here) + 1
        top.rest = Rest(top.line.id, after, left, is_more=known > COUNTED)
