"""What is said of the demo callers is what the services that are here allow them."""

import re

import pytest

from onebox.callers import DEMO_CALLERS, READS, ROLES, caller_with_role
from services.chassis.trust.callers import Reach
from tests.support.services import SERVICES, module_of

WORDS = {  # of services that come later: who has nothing to do there yet is not told of it
    "training": r"training|groups?|certificates?|sessions?|attendance|enrolments?",
}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_only_read_what_all_may_is_promised_nothing_else(role: str) -> None:
    grants = [module_of(service, "permissions").GRANTS.get(role, {}) for service in SERVICES]
    granted = [(str(permission), reach) for each in grants for permission, reach in each.items()]
    only_reads = all(name.endswith(":read") and reach == Reach.EVERYWHERE for name, reach in granted)
    assert (caller_with_role(role).may == READS) == only_reads


@pytest.mark.parametrize("service", sorted(WORDS.keys() - {*SERVICES}))
def test_nobody_is_promised_what_is_not_here(service: str) -> None:
    promised = {name: caller.may for name, caller in DEMO_CALLERS.items()}
    assert {name: may for name, may in promised.items() if re.search(rf"\b({WORDS[service]})\b", may)} == {}


def test_the_account_of_casework_reads_and_changes_nothing_but_reservations() -> None:
    caller = DEMO_CALLERS["demo-casework"]
    kinds = [module_of(service, "permissions").GRANTS.get(scope, {}) for service in SERVICES for scope in caller.scopes]
    granted = {str(permission): reach for each in kinds for permission, reach in each.items()}
    changes = {name: reach for name, reach in granted.items() if ":read" not in name}
    assert changes == {"registry:reservations:edit": Reach.EVERYWHERE}
    assert {*granted} >= {"registry:support-services:read", "registry:reservations:read", "registry:events:read"}
    assert caller.counties == ("*",)
