"""The range of a share, given the votes cast.

People take part because they choose to; a range says how far few votes carry, and is called
"range given the votes cast", never a margin of error of the public (method.md 5.1).
"""

import math
from fractions import Fraction

ONE_SIDED_90 = 1.2816
TWO_SIDED_95 = 1.959964
"""Quantiles of the standard normal distribution."""


def finite_factor(n: int, population: int) -> Fraction:
    """The finite population factor (N - n) / (N - 1): 1 up to one vote, 0 when everybody voted.

    Source: Cochran, Sampling Techniques (3rd edition, 1977), section 2.6. A register that was
    counted before late joiners may be smaller than the votes; then nothing is left to sample.

    Raises `ValueError` for negative numbers.
    """
    if n < 0 or population < 0:
        raise ValueError("numbers of people cannot be negative")
    if n >= population:
        return Fraction()
    return Fraction(population - n, population - 1) if n > 1 else Fraction(1)


def wilson(
    share: float, n: float, z: float = TWO_SIDED_95, factor: float = 1.0
) -> tuple[float, float]:
    """Lower and upper limit of a share by Wilson's score interval (JASA 22, 1927, 209-212).

    `n` is the number of votes, or Kish's effective number of weighted ones; `factor` the
    finite population factor, by which the variance shrinks, so that m = n / factor takes the
    place of n (method.md 5.1). At factor 0 the share is known and both limits equal it.
    Without votes nothing is known: (0, 1).

    Raises `ValueError` for a share or factor outside 0 to 1 or a negative n.
    """
    if not (0 <= share <= 1 and 0 <= factor <= 1 and n >= 0):
        raise ValueError("a share and a factor lie between 0 and 1, votes are not negative")
    if n == 0:
        return 0.0, 1.0
    if factor == 0:
        return share, share
    m = n / factor
    scale = 1 + z**2 / m
    centre = (share + z**2 / (2 * m)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / m + z**2 / (4 * m**2))
    low = 0.0 if share == 0 else max(0.0, centre - half)
    high = 1.0 if share == 1 else min(1.0, centre + half)
    return low, high
