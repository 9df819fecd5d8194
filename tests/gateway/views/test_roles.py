"""Who sees which part of which view: as the services' own grants say, and no other way."""

from typing import Any

import pytest

from services.casework.permissions import GRANTS as CASEWORK
from services.casework.permissions import Permission as Casework
from services.chassis.trust.callers import Grants, Reach, Related
from services.registry.permissions import GRANTS as REGISTRY
from services.registry.permissions import Permission as Registry
from services.screening.permissions import GRANTS as SCREENING
from services.screening.permissions import Permission as Screening
from services.training.permissions import GRANTS as TRAINING
from services.training.permissions import Permission as Training
from tests.gateway.views.conftest import Screens
from tests.support.callers import OWN_INSTITUTION, ROLES, call_as

Part = tuple[Grants, str, bool]
"""Whose grants, which permission, and whether the whole county has to be reached by it."""
OF_COUNTY: dict[str, Part] = {
    "resources": (REGISTRY, Registry.READ_RESOURCES, True),
    "cases": (CASEWORK, Casework.READ_REFERRALS, True),
    "inbound": (CASEWORK, Casework.READ_REFERRALS, True),
    "campaigns": (SCREENING, Screening.READ_STATISTICS, False),
    "training_hours": (TRAINING, Training.READ_HOURS, False),
    "training_groups": (TRAINING, Training.READ_GROUPS, False),
}
OF_DAY: dict[str, Part] = {
    "due_steps": (CASEWORK, Casework.READ_TASKS, False),
    "overdue_referrals": (CASEWORK, Casework.READ_REFERRALS, False),
    "unconfirmed_results": (SCREENING, Screening.READ_SCREENINGS, False),
    "selections": (SCREENING, Screening.READ_SCREENINGS, False),
    "stale_offers": (REGISTRY, Registry.READ_STALE_SUPPORT_SERVICES, False),
    "check_ins": (TRAINING, Training.READ_AUTHORITY_WORK, False),
}
OF_COUNTRY: dict[str, Part] = {"monitoring": (CASEWORK, Casework.READ_MONITORING_REPORTS, False)}
OF_PROGRAMME: dict[str, Part] = {
    "sites": (REGISTRY, Registry.READ_PROGRAMMES, False),
    "people": (REGISTRY, Registry.READ_APPOINTMENTS, False),
    "campaigns": (SCREENING, Screening.READ_STATISTICS, False),
    "indicators": (TRAINING, Training.READ_INDICATORS, False),
}
ALWAYS = {"partial", "county", "support", "me", "as_of", "totals", "counties", "programme"}
VIEWS = {"/counties/2469": OF_COUNTY, "/me": OF_DAY, "/national": OF_COUNTRY, "/programmes/MWM": OF_PROGRAMME}
SUBJECTS: dict[str, Part] = {
    "/counties/2469": (REGISTRY, Registry.READ_TERRITORIES, False),
    "/national": (REGISTRY, Registry.READ_SUPPORT_SERVICES, False),
    "/programmes/MWM": (REGISTRY, Registry.READ_PROGRAMMES, False),
}


def is_seen(role: str, part: Part) -> bool:
    grants, permission, needs_county = part
    granted = grants.get(role, {}).get(permission)
    beside = granted.beside if isinstance(granted, Related) else granted
    return granted is not None and (not needs_county or beside in {Reach.OWN_COUNTIES, Reach.EVERYWHERE})


@pytest.mark.parametrize("path", VIEWS)
async def test_each_role_sees_the_parts_that_the_services_grant_it(screens: Screens, path: str) -> None:
    wrong: dict[str, Any] = {}
    for role in ROLES:
        answer = await screens.get(path, call_as(role, institution=OWN_INSTITUTION))
        if path in SUBJECTS and not is_seen(role, SUBJECTS[path]):
            assert answer.status_code == 403, (role, answer.text)
            assert answer.json()["instance"] == f"/v1/views{path}"
            continue
        assert answer.status_code == 200, (role, answer.text)
        shown = answer.json()
        seen = {*shown} - ALWAYS
        expected = {part for part, granted in VIEWS[path].items() if is_seen(role, granted)}
        # Before any report there is nothing to be published of casework.
        expected -= {"monitoring"}
        if seen != expected or shown["partial"]:
            wrong[role] = (sorted(seen ^ expected), shown["partial"])
    assert wrong == {}
