"""What a step of formation needs besides the steps before it. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Condition(StrEnum):
    """What a step of formation needs besides the steps before it."""

    VALID_COMPOSITION = "valid_composition"
    PLANNED_MEETING = "planned_meeting"
    ISSUED_COMMUNIQUE = "issued_communique"
    COUNTY_NETWORK = "county_network"


# In the code and not in the catalogue: what a step needs is asked of other slices.
CONDITIONS: Mapping[str, Sequence[Condition]] = {
    "cyclic_work": (Condition.VALID_COMPOSITION, Condition.PLANNED_MEETING),
    "communications": (Condition.ISSUED_COMMUNIQUE,),
    "support_network_created": (Condition.COUNTY_NETWORK,),
    "centre_established": (Condition.VALID_COMPOSITION,),
}
"""By the code of the step.

Platforms meet in cycles with their agreed representation and issue communiqués (source 004); a
centre rests on the county's network (source 000).
"""
