"""Ballots in the formats that other programs read and write, without loss.

`read` takes the bytes of a file, `write` gives them; one module for each format.
"""

from deliberate.interchange.formats import FORMATS, Format, read, recognise, write
from deliberate.interchange.problems import Problem, Unreadable, Unwritable

__all__ = [
    "FORMATS",
    "Format",
    "Problem",
    "Unreadable",
    "Unwritable",
    "read",
    "recognise",
    "write",
]
