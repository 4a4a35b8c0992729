"""Taking part: the page of a deliberation, comments, proposals, ratings and responses."""

from deliberate.web.take_part import comments, deliberations, proposals, responses, suggestions
from deliberate.web.take_part.blueprint import blueprint

__all__ = ["blueprint", "comments", "deliberations", "proposals", "responses", "suggestions"]
