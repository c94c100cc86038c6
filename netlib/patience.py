"""One policy for every deadline: how long to wait before something counts as hung.

Every time limit of netlib and of the course goes through `patience`, so that one environment variable makes
all of them longer on a slow or busy machine: `NETLIB_PATIENCE=3` waits three times as long everywhere.
"""

from __future__ import annotations

import math
import os


def patience(seconds: float) -> float:
    """Return `seconds` times the factor in the environment variable NETLIB_PATIENCE (default 1).

    Raises:
        ValueError: the variable is not a finite number above 0.
    """
    text = os.environ.get("NETLIB_PATIENCE", "1")
    try:
        factor = float(text)
    except ValueError:
        factor = math.nan
    if not (math.isfinite(factor) and factor > 0):
        raise ValueError(f"NETLIB_PATIENCE must be a number above 0, such as 3; it is {text!r}")
    return seconds * factor
