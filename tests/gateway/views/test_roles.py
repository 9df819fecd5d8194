"""Who sees which part of which view: as the services' own grants say, and no other way."""

from typing import Any

import pytest

from gateway.views.table import VIEWS
from services.chassis.trust.callers import Reach, Related
from tests.gateway.views.conftest import Screens
from tests.support.callers import OWN_INSTITUTION, ROLES, call_as
from tests.support.services import module_of

BY_NOUN = {view.noun: view for view in VIEWS}
PATHS = {"me": "/me", "counties": "/counties/2469", "programmes": "/programmes/MWM", "national": "/national"}
SUBJECTS = {"counties": "county", "programmes": "programme", "national": "counties"}
# Of these the whole county has to be reached, and not what one has a relation to.
OF_WHOLE_COUNTIES = {"resources", "cases", "inbound"}
NOT_THERE = {
    "me": {"institution"},  # no institution of that id is registered
    "counties": {"network"},  # none is founded
    "programmes": {"training"},  # it trains nobody
    "national": {"screening", "training_hours", "monitoring"},  # parts of each county; no report is written
}
BESIDE = {"partial", "support", "me", "as_of", "totals", "has_older_campaigns"}


def may_see(role: str, part: str, permission: str) -> bool:
    service = permission.partition(":")[0]
    granted = module_of(service, "permissions").GRANTS.get(role, {}).get(permission)
    beside = granted.beside if isinstance(granted, Related) else granted
    return granted is not None and (part not in OF_WHOLE_COUNTIES or beside in {Reach.OWN_COUNTIES, Reach.EVERYWHERE})


@pytest.mark.parametrize("noun", PATHS)
async def test_each_role_sees_the_parts_that_the_services_grant_it(screens: Screens, noun: str) -> None:
    shown_by, subject = BY_NOUN[noun].shown_by, SUBJECTS.get(noun, "")
    wrong: dict[str, Any] = {}
    for role in ROLES:
        answer = await screens.get(PATHS[noun], call_as(role, institution=OWN_INSTITUTION))
        if subject and not may_see(role, subject, shown_by[subject]):
            assert (answer.status_code, answer.json()["instance"]) == (403, f"/v1/views{PATHS[noun]}"), role
            continue
        assert answer.status_code == 200, (role, answer.text)
        shown = answer.json()
        expected = {part for part, permission in shown_by.items() if may_see(role, part, permission)}
        differing = ({*shown} - BESIDE) ^ (expected - NOT_THERE[noun])
        if differing or shown["partial"]:
            wrong[role] = (sorted(differing), shown["partial"])
    assert wrong == {}


def test_every_part_is_shown_by_a_permission_that_its_service_has() -> None:
    named = {permission for view in VIEWS for permission in view.shown_by.values()}
    known = {service: {*module_of(service, "permissions").Permission} for service in {p.split(":")[0] for p in named}}
    assert not {permission for permission in named if permission not in known[permission.split(":")[0]]}
