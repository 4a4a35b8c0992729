"""The secretariat's list of people and their roles, and invitations to hold one."""

from deliberate.web.administer import invitations, mandates, people
from deliberate.web.administer.blueprint import blueprint

__all__ = ["blueprint", "invitations", "mandates", "people"]
