"""What is read off a result."""

from collections.abc import Mapping
from typing import Any


def bands_of(result: Mapping[str, Any] | None) -> dict[str, str]:
    """The band of every scale of a result that has one, by scale.

    None without a result.
    """
    scales = result["scales"] if result else ()
    return {
        scale["code"]: scale["band"] for scale in scales if scale["band"] is not None
    }
