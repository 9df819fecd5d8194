"""Whatever a refusal of the registry names as missing has words."""

from datetime import date
from itertools import chain
from types import SimpleNamespace

import httpx

from services.registry.agreements.rules import AgreementKind, missing_to_sign
from services.registry.bodies.rules import BodyKind
from services.registry.body_steps.rules import Condition
from services.registry.body_steps.rules import Thing as ThingOfBody
from services.registry.institutions.rules.kinds import InstitutionType, Sector
from services.registry.memberships.rules import Standing, Verb, not_met
from services.registry.missing import MISSING
from services.registry.scope_decisions.rules import ScopeParty, missing_signatures
from services.registry.site_steps.rules import Thing as ThingOfSite
from services.registry.sites.rules import missing_of_agreement
from tests.support.missing_words import Codes, assert_all_named

DAY = date(2026, 1, 1)
STRICT = SimpleNamespace(
    direction="exclusion",
    sectors=["health"],
    institution_types=["hospital"],
    needs_verified_service=True,
    in_county=True,
    valid_from=date(2026, 1, 2),
    valid_to=None,
)
STRANGER = Standing(InstitutionType.NGO, Sector.CIVIC, is_in_county=False)
DRAFT, SIGNED = (
    SimpleNamespace(state=state, county_terc="2401", signed_on=None, valid_from=None, valid_to=None, terminated_on=None)
    for state in ("draft", "signed")
)
CODES: Codes = {
    "agreements/actions.py": chain(*(missing_to_sign(kind, None, 0, []) for kind in AgreementKind)),
    "appointments/actions.py": ["coordinating_institution"],
    "body_steps/actions.py": [*Condition, *ThingOfBody],
    "document_versions/actions.py": ["file"],
    "institution_functions/actions.py": [BodyKind.COUNTY_RESOURCE_COORDINATION_CENTRE],
    "memberships/actions.py": not_met(STRICT, Verb.INCLUDE, DAY, STRANGER),
    # Steps are data, see the test below.
    "processes/actions.py": [],
    "scope_decisions/actions.py": [*ScopeParty],
    "site_steps/actions.py": [*ThingOfSite, *missing_signatures(None), *ScopeParty],
    "sites/actions.py": chain(["agreement"], *(missing_of_agreement(each, "2402", DAY) for each in (DRAFT, SIGNED))),
}


def test_whatever_is_missing_is_named_in_words() -> None:
    assert_all_named("registry", {place: [*codes] for place, codes in CODES.items()})


async def test_every_step_is_named_as_its_process_names_it(registry: httpx.AsyncClient) -> None:
    processes = (await registry.get("/v1/registry/processes")).json()["items"]
    steps = [step for process in processes for step in process["steps"]]
    assert steps
    names: dict[str, set[tuple[str, str]]] = {}
    for step in steps:
        label = step["label"]
        names.setdefault(step["code"], set()).add((f"“{label['en']}”", f"„{label['pl']}”"))
    assert not [code for code, known in names.items() if MISSING.get(code) not in known]
