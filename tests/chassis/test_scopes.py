"""An application's scopes narrow what a person's roles allow, and widen nothing."""

import json
from typing import Any

import httpx
import pytest

from services.chassis.trust.callers import Caller, Grants, Reach, caller_kept, caller_of, kept_caller
from services.chassis.trust.tokens import claims_of
from tests.chassis.conftest import take
from tests.support.callers import AUDIENCE, ISSUER, OWN_INSTITUTION, call_as, claims

GRANTS: Grants = {
    "keeper": {"see": Reach.EVERYWHERE, "keep": Reach.OWN_INSTITUTION, "close": Reach.OWN_COUNTIES},
    "visitor": {"see": Reach.EVERYWHERE},
    "depot:read": {"see": Reach.OWN_COUNTIES},
    "depot:write": {
        "see": Reach.EVERYWHERE,
        "keep": Reach.OWN_COUNTIES,
        "close": Reach.EVERYWHERE,
        "build": Reach.EVERYWHERE,
    },
}


def caller(role: str | None, scope: str | None = None, **others: object) -> Caller:
    return told(claims(role, scope=scope) | others)


def told(payload: dict[str, Any]) -> Caller:
    return caller_of(claims_of(payload, issuer=ISSUER, audience=AUDIENCE, now=payload["iat"]), GRANTS)


def test_a_person_may_do_through_an_application_what_role_and_scope_both_allow() -> None:
    found = caller("keeper", "depot:write").permissions
    assert found == {
        "see": (Reach.EVERYWHERE,),
        "keep": (Reach.OWN_INSTITUTION, Reach.OWN_COUNTIES),
        "close": (Reach.OWN_COUNTIES, Reach.EVERYWHERE),
    }
    assert caller("keeper", "depot:read").permissions == {"see": (Reach.OWN_COUNTIES, Reach.EVERYWHERE)}
    assert caller("visitor", "depot:write depot:read").permissions == caller("visitor").permissions


def test_of_two_reaches_the_narrower_counts_and_neither_is_exceeded() -> None:
    found = caller("keeper", "depot:write", counties=["*"])
    assert found.reach("keep") == Reach.OWN_INSTITUTION
    assert found.reaches("close") == (Reach.EVERYWHERE, Reach.EVERYWHERE)
    assert caller("keeper", "depot:read").reach("see") == Reach.OWN_COUNTIES


@pytest.mark.parametrize("scope", ["openid profile email offline_access", "address phone", "", "urn:example:read"])
def test_scopes_that_are_not_of_the_platform_narrow_nothing(scope: str) -> None:
    assert caller("keeper", scope).permissions == caller("keeper").permissions


@pytest.mark.parametrize("scope", ["elsewhere:read", "depot:read-later", "openid elsewhere:read"])
def test_a_scope_of_another_service_allows_nothing_here(scope: str) -> None:
    assert caller("keeper", scope).permissions == {}
    assert caller(None, scope).permissions == {}


def test_a_service_account_may_do_what_its_scopes_allow() -> None:
    found = caller(None, "depot:read profile")
    assert found.permissions == {"see": (Reach.OWN_COUNTIES,)}
    assert found.is_service_account
    assert not caller("keeper", "depot:read").is_service_account


@pytest.mark.parametrize(
    "shown",
    [
        {"scope": "openid depot:read"},
        {"sid": "c3f1"},
        {"auth_time": 1},
        {"client_id": "front-end"},
        {"roles": ["nobody-knows"]},
        {"roles": ["offline_access", "uma_authorization"]},
    ],
)
def test_a_person_without_a_role_is_no_service_account(shown: dict[str, object]) -> None:
    found = told(claims(None, scope="depot:write") | shown)
    assert (found.permissions, found.is_service_account) == ({}, False)


@pytest.mark.parametrize(
    "shown", [{"client_id": "depot", "sub": "depot"}, {"client_id": "depot", "clientAddress": "192.0.2.7"}]
)
def test_a_client_that_speaks_for_itself_is_a_service_account(shown: dict[str, object]) -> None:
    assert caller(None, "depot:write", **shown).reach("build") == Reach.EVERYWHERE


def test_a_role_is_no_scope_and_a_scope_no_role() -> None:
    assert caller(None, "keeper").permissions == {}
    assert caller("depot:write").permissions == {}


def test_a_caller_is_kept_with_a_job_as_they_were() -> None:
    for known in (caller("keeper", "depot:write"), caller(None, "depot:read"), caller("visitor", counties=["*"])):
        assert caller_kept(json.loads(json.dumps(kept_caller(known)))) == known
        assert known.institution_id is not None


def test_a_job_that_was_asked_for_before_an_upgrade_keeps_its_caller() -> None:
    kept = {"subject": "anna", "roles": ["keeper"], "counties": ["2469"], "institution_id": OWN_INSTITUTION}
    found = caller_kept(kept | {"scopes": [], "permissions": {"see": 3, "keep": 1}})
    assert found.permissions == {"see": (Reach.EVERYWHERE,), "keep": (Reach.OWN_INSTITUTION,)}


async def test_an_application_follows_only_jobs_that_it_might_have_asked_for(depot_client: httpx.AsyncClient) -> None:
    job = await take(depot_client, "Code,Name\nA,Anchor\n")
    url = f"/v1/depot/jobs/{job['id']}"
    for scope, status in ((None, 200), ("openid email", 200), ("depot:keep", 200), ("depot:look", 404), ("x:y", 404)):
        answer = await depot_client.get(url, headers=call_as("registry_editor", scope=scope))
        assert (scope, answer.status_code) == (scope, status)
        listed = await depot_client.get("/v1/depot/jobs", headers=call_as("registry_editor", scope=scope))
        assert len(listed.json()["items"]) == (status == 200)
        cancelled = await depot_client.post(f"{url}/cancel", headers=call_as("registry_editor", scope=scope))
        assert cancelled.status_code == (409 if status == 200 else 404)
