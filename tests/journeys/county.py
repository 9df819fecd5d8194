"""The people of a county that joins the model, and what each of them may do."""

from tests.journeys.stories import Cast
from tests.support.callers import call_as

COORDINATOR = call_as("county_coordinator", subject="koordynatorka-powiatu")
EDITOR = call_as("registry_editor", subject="redaktor-rejestru")
MANAGER = call_as("programme_manager", counties=[], institution=None)
NEIGHBOUR = call_as("county_coordinator", counties=["2401"])
NEIGHBOURS_SYSTEM = call_as(scope="registry:write", counties=["2401"], institution=None)
GUARDIAN = call_as("guardian")


def _by_editor(permission: str) -> Cast:
    return Cast(permission, EDITOR, GUARDIAN, NEIGHBOUR)


def _by_coordinator(permission: str) -> Cast:
    """What a county's coordinator answers for, and whoever keeps the register does not decide."""
    return Cast(permission, COORDINATOR, EDITOR, NEIGHBOUR)


AGREEMENTS, NETWORKS, BODIES = _by_editor("agreements:edit"), _by_editor("networks:edit"), _by_editor("bodies:edit")
INSTITUTIONS, OFFERS = _by_editor("institutions:edit"), _by_editor("support-services:edit")
PROPOSALS, FUNCTIONS = _by_editor("memberships:propose"), _by_editor("functions:give")
SITES = Cast("sites:edit", MANAGER, COORDINATOR, NEIGHBOURS_SYSTEM)
SITE_STEPS, BODY_STEPS = _by_coordinator("sites:record-steps"), _by_coordinator("bodies:record-steps")
VERIFICATIONS = _by_editor("support-services:verify")
DECISIONS = _by_coordinator("memberships:decide")
COUNTY = {"county_terc": "2469"}
POWIAT = {"party_name": "Powiat", "party_kind": "authority"}
PROJEKT = {"party_name": "Projekt", "party_kind": "project_operator"}
TEXT = {"document_reference": "OR.031.1.2024", "document_sha256": "a" * 64, "valid_from": "2024-01-01"}
