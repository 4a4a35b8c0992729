"""A demonstration: invented people who discuss two invented sessions, at every stage at once.

Everything goes in through the product's own actions, in the order in which it would have
happened during the last six weeks, so that what a newcomer sees obeys the rules that bind
everybody else.
"""

from deliberate.demo.accounts import PASSWORD, SIGN_INS, DemoAccount
from deliberate.demo.loader import has_demo, is_empty, load_demo

__all__ = ["PASSWORD", "SIGN_INS", "DemoAccount", "has_demo", "is_empty", "load_demo"]
