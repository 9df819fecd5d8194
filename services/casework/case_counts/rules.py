"""Which counts of cases may be shown to callers who may not read the cases. Pure."""

from collections.abc import Mapping

from services.chassis.disclosure.cells import FEW, may_publish


def publishable(cases: int) -> int | None:
    """The number of all cases; None where it is below the disclosure limit `FEW`, but
    not 0.
    """
    return cases if cases == 0 or cases >= FEW else None


def publishable_parts(cases: int, parts: Mapping[str, int]) -> dict[str, int | None]:
    """Each part of the cases; None where `may_publish_part` forbids it."""
    return {
        name: part if may_publish_part(cases, part) else None
        for name, part in parts.items()
    }


def may_publish_part(cases: int, part: int) -> bool:
    """Whether a part may be shown. The total must be publishable; and all cases are in
    the part, or both it and its remainder reach the limit.
    """
    if publishable(cases) is None:
        return False
    return part == cases or may_publish([part, cases - part], FEW)
