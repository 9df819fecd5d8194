"""Who may do what by role and scope together, and the page that says it."""

from pathlib import Path

import pytest

from services.chassis.trust.callers import Caller, Grants, caller_of, is_scope
from services.chassis.trust.tokens import claims_of
from tests.support.callers import AUDIENCE, ISSUER, ROLES, SCOPES, claims
from tests.support.holders import EVERY_SCOPE, PAIRS, Holder
from tests.support.matrix import Matrix
from tests.support.permissions import page
from tests.support.services import SERVICES, module_of

ROOT = Path(__file__).parents[1]


def test_the_page_of_permissions_says_what_the_code_says() -> None:
    assert (ROOT / "docs/permissions.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("service", SERVICES)
def test_an_event_that_nobody_thought_of_is_still_somebodys(service: str) -> None:
    """Each feed says of all types of its service who sees them, by permissions that the service has."""
    kinds, known = module_of(service, "events").EVENTS.kinds, module_of(service, "permissions").Permission
    assert f"{service}." in kinds
    assert {needed for needed in kinds.values() if needed is not None} <= {*known}


def caller(holder: Holder, grants: Grants) -> Caller:
    payload = claims(holder.role, scope=holder.scope)
    return caller_of(claims_of(payload, issuer=ISSUER, audience=AUDIENCE, now=payload["iat"]), grants)


def test_every_role_and_scope_of_the_platform_is_tried() -> None:
    known = {name for service in SERVICES for name in module_of(service, "permissions").GRANTS}
    assert known == {*ROLES, *SCOPES}
    assert {name for name in known if is_scope(name)} == {*SCOPES}


@pytest.mark.parametrize("service", SERVICES)
def test_through_an_application_a_person_may_do_what_role_and_scope_both_allow(service: str) -> None:
    grants = module_of(service, "permissions").GRANTS
    matrix = Matrix(service, ())
    for pair in PAIRS:
        found, alone = caller(pair, grants).permissions, caller(Holder(pair.role), grants).permissions
        for permission in module_of(service, "permissions").Permission:
            assert {*found.get(permission, ())} == matrix.granted(pair, permission), (pair, permission)
        assert all({*alone[permission]} <= {*reaches} for permission, reaches in found.items())


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", ROLES)
def test_no_scope_gives_a_person_anything(service: str, role: str) -> None:
    grants = module_of(service, "permissions").GRANTS
    with_scopes, alone = caller(Holder(role, EVERY_SCOPE), grants), caller(Holder(role), grants)
    for permission in with_scopes.permissions:
        assert alone.reach(permission) is not None
        assert {*alone.reaches(permission)} <= {*with_scopes.reaches(permission)}
