"""The record that a step of a site stands for. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from services.registry.institutions.rules.kinds import InstitutionType


class Thing(StrEnum):
    """A record that a step stands for, and that must exist on the day of the step."""

    COUNTY_AGREEMENT = "county_agreement"
    SCOPE_DECISION = "scope_decision"
    SUPPORT_NETWORK = "support_network"
    LOCAL_SYNERGY_TEAM = "local_synergy_team"
    SOCIAL_EMPLOYMENT_ENTITY = "social_employment_entity"
    LOCAL_COOPERATION_PACT = "local_cooperation_pact"


# In the code and not in the catalogue: the records are looked up in other slices.
STANDS_FOR: Mapping[str, Thing] = {
    "agreements_concluded": Thing.COUNTY_AGREEMENT,
    "network_building": Thing.SUPPORT_NETWORK,
    "scope_decision": Thing.SCOPE_DECISION,
    "cooperation_rules": Thing.LOCAL_SYNERGY_TEAM,
    "entity_creation": Thing.SOCIAL_EMPLOYMENT_ENTITY,
    "pact": Thing.LOCAL_COOPERATION_PACT,
}
"""By the code of the step (sources 000, 001, 002 and 004)."""

SOCIAL_EMPLOYMENT_ENTITIES = frozenset(
    {
        InstitutionType.SOCIAL_INTEGRATION_CENTRE,
        InstitutionType.SOCIAL_INTEGRATION_CLUB,
    }
)
"""The entities of the act on social employment of 13 June 2003 (sources 002 and 004)."""
