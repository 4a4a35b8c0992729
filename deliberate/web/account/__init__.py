"""One's own account: invited or registering, signing in and out, one's data and contributions."""

from deliberate.web.account import (
    account,
    confirmations,
    following,
    inbox,
    invitations,
    mail_choices,
    organisation,
    passwords,
    register,
    removal,
    second_sign_in,
    second_step,
    sign_in,
    unsubscribe,
)
from deliberate.web.account.blueprint import blueprint

__all__ = [
    "account",
    "blueprint",
    "confirmations",
    "following",
    "inbox",
    "invitations",
    "mail_choices",
    "organisation",
    "passwords",
    "register",
    "removal",
    "second_sign_in",
    "second_step",
    "sign_in",
    "unsubscribe",
]
