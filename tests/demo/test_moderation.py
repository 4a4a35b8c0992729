"""Claims about what moderators find in the demonstration."""

from deliberate.domain.moderation import Act, Waits
from deliberate.storage.database import Database
from deliberate.storage.moderation_log import list_log
from deliberate.storage.moderation_queue import count_waiting


def test_the_queue_and_the_log_are_alive(demo: Database) -> None:
    """Ensure a moderator finds every kind of work, and everybody acts of every common kind."""
    with demo.reading() as reader:
        waiting = count_waiting(reader)
        acts = {line.act for line in list_log(reader)}

    assert waiting == {Waits.FLAGGED: 3, Waits.HELD: 1, Waits.APPEALED: 1, Waits.ASKED: 0}
    assert acts == {Act.HIDE, Act.KEEP, Act.RELEASE, Act.PREMODERATE}
