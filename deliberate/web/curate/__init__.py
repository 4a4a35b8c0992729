"""The MAG member's journey: import a session page, curate its questions, open them."""

from deliberate.web.curate import addresses, importing, outputs, questions
from deliberate.web.curate.blueprint import blueprint

__all__ = ["addresses", "blueprint", "importing", "outputs", "questions"]
