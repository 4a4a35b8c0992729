"""Tables and queries, one file for each noun; every function takes a session first.

Whoever imports any of them also gets the listeners that keep search up to date.
"""

from deliberate.storage import search_index

__all__ = ["search_index"]
