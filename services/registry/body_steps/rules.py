"""The conditions of a step of formation, and the record that it stands for. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Condition(StrEnum):
    """A condition of a step of formation, apart from the order of steps."""

    VALID_COMPOSITION = "valid_composition"
    PLANNED_MEETING = "planned_meeting"


class Thing(StrEnum):
    """A record that a step stands for, and that must exist on the day of the step."""

    LETTER_OF_INTENT = "letter_of_intent"
    FIRST_MEETING = "first_meeting"
    ISSUED_COMMUNIQUE = "issued_communique"
    COUNTY_NETWORK = "county_network"


# In the code and not in the catalogue: the conditions are checked in other slices.
CONDITIONS: Mapping[str, Sequence[Condition]] = {
    "cyclic_work": (Condition.VALID_COMPOSITION, Condition.PLANNED_MEETING),
    "centre_established": (Condition.VALID_COMPOSITION,),
}
STANDS_FOR: Mapping[str, Thing] = {
    "letter_of_intent": Thing.LETTER_OF_INTENT,
    "first_meeting": Thing.FIRST_MEETING,
    "communications": Thing.ISSUED_COMMUNIQUE,
    "support_network_created": Thing.COUNTY_NETWORK,
}
"""By the code of the step, as `CONDITIONS`.

A platform begins with the county board's letter of intent and a first joint meeting, meets in
cycles with its agreed representation and issues communiqués (source 004); a centre rests on the
county's network (source 000).
"""


def thing_of(step: str, county_terc: str | None) -> Thing | None:
    """The record that a step stands for; None when it stands for none.

    `county_terc`: the county of the body, None for a regional platform.
    """
    thing = STANDS_FOR.get(step)
    # Letters of intent belong to counties: a regional platform has none of its own.
    if thing is Thing.LETTER_OF_INTENT and county_terc is None:
        return None
    return thing
