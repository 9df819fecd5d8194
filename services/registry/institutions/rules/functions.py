"""Which institution may hold which function, and when. Pure."""

from datetime import date

from services.registry.institutions.rules.kinds import (
    DesignationMode,
    FunctionKind,
    InstitutionType,
    Ownership,
)

WOKRO_HOST_TYPES = frozenset(
    {
        InstitutionType.KINDERGARTEN,
        InstitutionType.OTHER_PRESCHOOL_FORM,
        InstitutionType.PRIMARY_SCHOOL,
        InstitutionType.SPECIAL_SCHOOL_CENTRE,
        InstitutionType.SPECIAL_EDUCATION_CENTRE,
        InstitutionType.REHABILITATION_EDUCATION_CENTRE,
        InstitutionType.PSYCH_PED_COUNSELLING_CENTRE,
    }
)
"""Hosts of a lead coordination centre: School System Act of 7 September 1991, art. 90v(3). A specialist counselling
centre counts as the counselling centre of the act ("including specialist ones")."""

ONE_PER_COUNTY = frozenset({FunctionKind.WOKRO, FunctionKind.PCKZ})


def may_hold(
    function: FunctionKind,
    host: InstitutionType,
    mode: DesignationMode,
    ownership: Ownership | None,
) -> bool:
    """Whether such an institution may hold the function.

    The county head designates public institutions (art. 90v(3)); a non-public one can only be entrusted (art. 90v(3a)).
    """
    # The act names hosts of lead coordination centres only.
    if function is not FunctionKind.WOKRO:
        return True
    if host not in WOKRO_HOST_TYPES | {InstitutionType.SPECIALIST_COUNSELLING_CENTRE}:
        return False
    # An institution of unknown ownership may be designated.
    return mode is DesignationMode.ENTRUSTED or ownership is not Ownership.NON_PUBLIC


def wrong_days(
    opened_on: date | None, held_from: date, held_to: date | None
) -> list[tuple[str, str]]:
    """The errors in the days on which an institution is to hold a function:
    field and code.
    """
    wrong = []
    if opened_on is not None and held_from < opened_on:
        wrong.append(("held_from", "before_opening"))
    if held_to is not None and held_to <= held_from:
        wrong.append(("held_to", "wrong_order"))
    return wrong


End = tuple[date | None, str | None]
"""The day on which something ended, and why; no day means that it has not ended."""


def ending_of(held_to: date | None, *hosts: End) -> End:
    """When a function ends, and why: on `held_to`, or with a host that ended before.

    `hosts`: the ends of the institution and of its centre. A function entered for the
    past ends as it would have if it had been entered in time.
    """
    ends = [(day, reason) for day, reason in hosts if day is not None]
    first = min(ends, key=lambda end: end[0], default=None)
    if first is None or (held_to is not None and held_to <= first[0]):
        return held_to, None
    return first
