"""What a step of formation needs besides the steps before it, and what it stands for. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Condition(StrEnum):
    """What a step of formation needs besides the steps before it."""

    VALID_COMPOSITION = "valid_composition"
    PLANNED_MEETING = "planned_meeting"


class Thing(StrEnum):
    """What there has to be on the day of a step that stands for it."""

    LETTER_OF_INTENT = "letter_of_intent"
    FIRST_MEETING = "first_meeting"
    ISSUED_COMMUNIQUE = "issued_communique"
    COUNTY_NETWORK = "county_network"


# In the code and not in the catalogue: what a step needs is asked of other slices.
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
    """What a step of a body of that county stands for; None where it stands for nothing."""
    thing = STANDS_FOR.get(step)
    # Letters of intent are of counties: a regional platform has none of its own.
    if thing is Thing.LETTER_OF_INTENT and county_terc is None:
        return None
    return thing
