"""What of a count of cases may be told to who reads none of them. Pure."""

from collections.abc import Mapping

from services.chassis.disclosure.cells import FEW, may_publish


def told(cases: int) -> int | None:
    """The number of all, unless so few would point to one of them."""
    return cases if cases == 0 or cases >= FEW else None


def told_parts(cases: int, parts: Mapping[str, int]) -> dict[str, int | None]:
    """Each part of the cases beside those that are not in it; None where either of
    both is few.
    """
    return {
        name: part if is_whole(cases, part) else None for name, part in parts.items()
    }


def is_whole(cases: int, part: int) -> bool:
    """Whether a part may be told: nobody learns of a few cases that they are in it, or
    that they are not.
    """
    if told(cases) is None:
        return False
    return part == cases or may_publish([part, cases - part], FEW)
