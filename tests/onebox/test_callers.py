"""What is said of the demo callers is what the services that are here allow them."""

from onebox.callers import DEMO_CALLERS, ROLES, caller_with_role
from services.chassis.trust.callers import Reach
from tests.support.services import SERVICES, module_of


def test_each_role_is_promised_something_of_its_own() -> None:
    promised = [caller_with_role(role).may for role in ROLES]
    assert len({*promised}) == len(ROLES) == 18


def test_the_account_of_casework_reads_and_changes_nothing_but_reservations() -> None:
    caller = DEMO_CALLERS["demo-casework"]
    kinds = [module_of(service, "permissions").GRANTS.get(scope, {}) for service in SERVICES for scope in caller.scopes]
    granted = {str(permission): reach for each in kinds for permission, reach in each.items()}
    changes = {name: reach for name, reach in granted.items() if ":read" not in name}
    assert changes == {"registry:reservations:edit": Reach.EVERYWHERE}
    assert {*granted} >= {"registry:support-services:read", "registry:reservations:read", "registry:events:read"}
    assert caller.counties == ("*",)
