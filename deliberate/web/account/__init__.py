"""One's own account: registering, signing in and out, one's data and contributions."""

from deliberate.web.account import account, register, sign_in
from deliberate.web.account.blueprint import blueprint

__all__ = ["account", "blueprint", "register", "sign_in"]
