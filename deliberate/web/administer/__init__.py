"""The secretariat's list of people and their roles."""

from deliberate.web.administer import people
from deliberate.web.administer.blueprint import blueprint

__all__ = ["blueprint", "people"]
