"""The realm that Keycloak imports gives tokens that the platform trusts, with its roles, and by no other way."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from deploy.secrets import ASKING, WHOLE
from deploy.settings import settings_of
from services.casework import peers as casework
from services.chassis.trust.tokens import LONGEST_LIFETIME, claims_of, key_id_of, signed_payload
from services.screening import peers as screening
from services.training import peers as training
from tests.support.services import SERVICES

ROOT = Path(__file__).parents[2]
REALM: dict[str, Any] = json.loads((ROOT / "deploy/keycloak/splot-realm.json").read_text(encoding="utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
GRANTED = {name for service in SERVICES for name in import_module(f"services.{service}.permissions").GRANTS}
CLIENTS: dict[str, dict[str, Any]] = {client["clientId"]: client for client in REALM["clients"]}
SCOPES: dict[str, dict[str, Any]] = {scope["name"]: scope for scope in REALM["clientScopes"]}
ISSUER = "https://localhost/auth/realms/splot"
# What each service asks for with its account, by its own client of the others.
ASKED = {
    "casework": {*casework.REGISTRY_SCOPE.split(), *casework.SCREENING_SCOPE.split()},
    "screening": {screening.SCOPE},
    "training": {training.SCOPE},
}


class Read(dict[str, Any]):
    """Claims that know which of them were asked for."""

    def __init__(self, claims: Mapping[str, Any]) -> None:
        super().__init__(claims)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def mappers(client: str) -> Iterator[dict[str, Any]]:
    """The mappers that write into an access token of that client which asks for nothing."""
    for scope in CLIENTS[client]["defaultClientScopes"]:
        for mapper in SCOPES[scope]["protocolMappers"]:
            if mapper["config"]["access.token.claim"] == "true":
                yield mapper


def token_claims(client: str, user: Mapping[str, Any], session: Mapping[str, Any]) -> dict[str, Any]:
    """What Keycloak's documentation says that a token of that client holds, for such an account and session."""
    now = int(time.time())
    scopes = [name for name in CLIENTS[client]["defaultClientScopes"] if _is_told(SCOPES[name])]
    claims: dict[str, Any] = {"iss": ISSUER, "iat": now, "exp": now + REALM["accessTokenLifespan"], "jti": "1"}
    claims |= {"azp": client, "typ": "Bearer", "scope": " ".join(scopes)}
    for mapper in mappers(client):
        name, value = _written_by(mapper["protocolMapper"], mapper["config"], user, session)
        claims |= {name: value} if value else {}
    return claims


def _written_by(kind: str, config: Mapping[str, str], user: Mapping[str, Any], session: Mapping[str, Any]) -> Any:
    """The claim that a mapper writes, and its value; None where the account or the session has none."""
    match kind:
        case "oidc-sub-mapper":
            return "sub", user["id"]
        case "oidc-audience-mapper":
            return "aud", config["included.custom.audience"]
        case "oidc-usermodel-client-role-mapper":
            return config["claim.name"], user[config["usermodel.clientRoleMapping.clientId"]]
        case "oidc-usermodel-attribute-mapper":
            values = user.get(config["user.attribute"]) or [None]
            return config["claim.name"], values if config["multivalued"] == "true" else values[0]
        case "oidc-usersessionmodel-note-mapper":
            return config["claim.name"], session.get(config["user.session.note"])
    return kind, None


def _is_told(scope: Mapping[str, Any]) -> bool:
    return bool(scope["attributes"]["include.in.token.scope"] == "true")


PERSON = {
    "id": "6f1c2b8e-5b1e-4a55-9f43-0a7d6b6ad001",
    "splot": ["county_coordinator"],
    "counties": ["2469", "2401"],
    "institution_id": ["0198c0de-0000-7000-8000-000000000001"],
}


def test_its_roles_and_scopes_are_those_that_the_services_grant() -> None:
    assert {role["name"] for role in REALM["roles"]["client"]["splot"]} == {name for name in GRANTED if ":" not in name}
    assert {name for name in SCOPES if ":" in name} == {name for name in GRANTED if ":" in name}
    assert all(_is_told(SCOPES[name]) for name in SCOPES if ":" in name)


def test_a_person_is_known_with_roles_counties_institution_and_when_they_signed_in() -> None:
    claims = Read(token_claims("front-end", PERSON, {"AUTH_TIME": 1_790_000_000}) | {"sid": "1"})
    known = claims_of(claims, issuer=ISSUER, audience="splot", now=time.time())
    assert (known.subject, known.roles) == (PERSON["id"], ("county_coordinator",))
    assert known.counties == {"2469", "2401"}
    assert str(known.institution_id) == PERSON["institution_id"][0]
    assert (known.is_for_a_person, known.authenticated_at, known.scopes) == (True, 1_790_000_000, frozenset())
    # Whatever the platform reads of a token, this realm writes, if the account has it. Keycloak gives no `nbf`.
    assert claims.asked - claims.keys() <= {"nbf", "client_id"}


@pytest.mark.parametrize("name", ASKING)
def test_a_service_account_has_the_scopes_that_its_service_asks_for_and_is_no_person(name: str) -> None:
    [user] = [user for user in REALM["users"] if user["serviceAccountClientId"] == name]
    session = {"client_id": name, "clientAddress": "172.18.0.5"}
    claims = token_claims(name, {"id": "account-of-its-own", "splot": [], **user["attributes"]}, session)
    known = claims_of(claims, issuer=ISSUER, audience="splot", now=time.time())
    assert known.scopes == ASKED[name]
    assert known.counties == {"*"}
    assert not known.roles
    assert not known.is_for_a_person


def test_a_signed_token_passes_and_lives_no_longer_than_is_taken() -> None:
    assert REALM["defaultSignatureAlgorithm"] == "ES256"
    [key] = [each for each in REALM["components"]["org.keycloak.keys.KeyProvider"] if "ecdsa" in each["providerId"]]
    [curve] = key["config"]["ecdsaEllipticCurveKey"]
    signing = ECKey.generate_key(curve, {"kid": "1", "use": "sig", "alg": "ES256"})
    claims = token_claims("front-end", PERSON, {})
    kind = "at+jwt" if CLIENTS["front-end"]["attributes"]["access.token.header.type.rfc9068"] == "true" else "JWT"
    token = jwt.encode({"alg": "ES256", "kid": "1", "typ": kind}, claims, signing)
    assert key_id_of(token) == "1"
    assert signed_payload(token, KeySet([signing])) == claims
    assert REALM["accessTokenLifespan"] <= LONGEST_LIFETIME
    assert not any("access.token.lifespan" in client.get("attributes", {}) for client in CLIENTS.values())


def test_people_sign_in_by_code_with_pkce_and_programs_by_their_secret() -> None:
    front_end = CLIENTS["front-end"]
    assert front_end["publicClient"]
    assert front_end["attributes"]["pkce.code.challenge.method"] == "S256"
    flows = ("standardFlowEnabled", "implicitFlowEnabled", "directAccessGrantsEnabled", "serviceAccountsEnabled")
    assert [front_end[flow] for flow in flows] == [True, False, False, False]
    assert [CLIENTS["splot"][flow] for flow in flows] == [False] * 4
    for name in ASKING:
        client = CLIENTS[name]
        assert [client[flow] for flow in flows] == [False, False, False, True]
        assert client["secret"] == f"${{{name.upper()}_ACCOUNT_SECRET}}"
        assert f"{name}_account_secret" in COMPOSE["services"]["keycloak"]["secrets"]
        assert client["attributes"]["access.token.header.type.rfc9068"] == "true"


def test_only_administrators_say_where_somebody_works_and_no_name_is_in_a_token() -> None:
    [provider] = REALM["components"]["org.keycloak.userprofile.UserProfileProvider"]
    profile = json.loads(provider["config"]["kc.user.profile.config"][0])
    attributes = {each["name"]: each for each in profile["attributes"]}
    for name in ("counties", "institution_id"):
        assert attributes[name]["permissions"]["edit"] == ["admin"]
    written = {mapper["config"].get("user.attribute") for mapper in mappers("front-end")}
    assert written == {None, "counties", "institution_id"}


def test_guessing_is_slowed_down_and_the_log_tells_of_nobody() -> None:
    assert REALM["bruteForceProtected"]
    assert REALM["failureFactor"] <= 10
    assert not REALM["registrationAllowed"]
    assert REALM["eventsListeners"] == []


def test_what_make_up_writes_leads_to_this_realm_and_its_accounts(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(WHOLE)
    settings = settings_of(tmp_path / ".env", {})
    assert settings["OIDC_ISSUER"] == ISSUER
    assert settings["OIDC_ISSUER"].endswith(f"/realms/{REALM['realm']}")
    assert [settings[f"{name.upper()}_ACCOUNT_ID"] for name in ASKING] == list(ASKING)
    recipe = (ROOT / "deploy/keycloak/Dockerfile").read_text(encoding="utf-8")
    [path] = set(re.findall(r"KC_HTTP_RELATIVE_PATH=(\S+)", recipe))
    for name in ("OIDC_JWKS_URL", "OIDC_TOKEN_URL"):
        assert settings[name].startswith(f"http://keycloak:8080{path}/realms/splot/protocol/openid-connect/")
