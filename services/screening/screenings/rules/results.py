"""Facts that are read from a result."""

from collections.abc import Mapping
from typing import Any


def bands_of(result: Mapping[str, Any] | None) -> dict[str, str]:
    """The bands of a result by scale; scales without a band are left out.

    Empty without a result.
    """
    scales = result["scales"] if result else ()
    return {
        scale["code"]: scale["band"] for scale in scales if scale["band"] is not None
    }
