"""The development issuer: discovery, keys and tokens like those of a real OpenID provider. It
refuses to run in production.
"""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from joserfc.jwk import ECKey
from pydantic import Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from onebox.callers import CLIENT_SECRET, DEMO_CALLERS, DemoCaller, institution_of
from onebox.tokens import ALGORITHM, LIFETIME_SECONDS, mint, published_keys, read_keys
from services.chassis.ground.settings import IdentitySettings

CLIENT_CREDENTIALS = "client_credentials"
DEMO_CALLER = "urn:splot:grant-type:demo-caller"
FORM = "application/x-www-form-urlencoded"
LARGEST_FORM = 8192  # bytes
NEVER_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class IssuerSettings(IdentitySettings):
    """The settings of the development issuer."""

    issuer_key_file: Path = Field(description="the development issuer's signing keys; made where it is missing")
    account_secret_files: list[Path] = Field(
        default=[],
        description="JSON list of files: the secret in any of them is taken of every service account, beside the"
        " development issuer's own, which is public",
    )


class Refusal(Exception):
    """An error answer of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


@dataclass
class Keyring:
    """The keys of a file, read again when the file changes, so that a rotated key is used
    without a restart.
    """

    path: Path
    keys: tuple[ECKey, ...] = ()
    read_at: int = 0

    def current(self) -> tuple[ECKey, ...]:
        """The keys, the signing one first."""
        changed_at = self.path.stat().st_mtime_ns if self.path.exists() else 0
        if not self.keys or changed_at != self.read_at:
            self.keys = tuple(read_keys(self.path))
            self.read_at = self.path.stat().st_mtime_ns
        return self.keys


def create_issuer(settings: IssuerSettings) -> Starlette:
    """The issuer under the path of its own address (`iss`), so that a gateway can forward
    requests without changes.
    """
    if settings.environment == "production":
        raise SystemExit("The development issuer gives anybody a token: it does not start with ENVIRONMENT=production.")
    routes = [
        Route("/.well-known/openid-configuration", discovery),
        Route("/jwks", jwks),
        Route("/token", token, methods=["POST"]),
    ]
    prefix = urlsplit(settings.oidc_issuer).path.rstrip("/")
    app = Starlette(routes=[Mount(prefix, routes=routes)])
    app.router.redirect_slashes = False
    app.state.settings = settings
    app.state.keyring = Keyring(settings.issuer_key_file)
    app.state.keyring.current()
    return app


async def discovery(request: Request) -> JSONResponse:
    """The provider's metadata (OpenID Connect Discovery 1.0)."""
    issuer = request.app.state.settings.oidc_issuer
    return JSONResponse(
        {
            "issuer": issuer,
            "jwks_uri": f"{issuer}/jwks",
            "token_endpoint": f"{issuer}/token",
            "grant_types_supported": [CLIENT_CREDENTIALS, DEMO_CALLER],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "demo_callers": [
                {"name": caller.name, "may": caller.may}
                for caller in DEMO_CALLERS.values()
                if not caller.is_service_account
            ],
            "scopes_supported": sorted({scope for caller in DEMO_CALLERS.values() for scope in caller.scopes}),
        }
    )


async def jwks(request: Request) -> JSONResponse:
    """The public keys, also of the key that signed before the last rotation."""
    return JSONResponse(published_keys(request.app.state.keyring.current()), headers={"Cache-Control": "max-age=300"})


async def token(request: Request) -> JSONResponse:
    """Issues a token to a service account (with its secret), or to anybody who
    names a demo caller.
    """
    try:
        caller, scopes = _caller_and_scopes(request, await _form(request))
    except Refusal as refusal:
        return _error(refusal)
    return JSONResponse(_issue(request, caller, scopes), headers=NEVER_STORED)


def _caller_and_scopes(request: Request, form: dict[str, str]) -> tuple[DemoCaller, tuple[str, ...]]:
    match form.get("grant_type"):
        case None:
            raise Refusal("invalid_request", "grant_type is missing")
        case "client_credentials":
            caller = _authenticated_client(request, form)
        case grant if grant == DEMO_CALLER:
            caller = _named_caller(form)
        case _:
            raise Refusal("unsupported_grant_type", f"known are {CLIENT_CREDENTIALS} and {DEMO_CALLER}")
    return caller, _scopes(caller, form)


def _issue(request: Request, caller: DemoCaller, scopes: tuple[str, ...]) -> dict[str, Any]:
    settings = request.app.state.settings
    access_token = mint(
        request.app.state.keyring.current()[0],
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        subject=caller.name,
        roles=caller.roles,
        counties=caller.counties,
        institution_id=institution_of(caller, settings.issuer_key_file.parent),
        scopes=scopes,
    )
    answer = {"access_token": access_token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}
    return {**answer, "scope": " ".join(scopes)} if scopes else answer


def _error(refusal: Refusal) -> JSONResponse:
    # RFC 6749, 5.2: the answer 401 names the way in which a client can authenticate.
    headers = {**NEVER_STORED, "WWW-Authenticate": 'Basic realm="issuer"'} if refusal.status == 401 else NEVER_STORED
    return JSONResponse(
        {"error": refusal.error, "error_description": refusal.description}, refusal.status, headers=headers
    )


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refusal("invalid_request", f"the body must be {FORM}")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise Refusal("invalid_request", f"the body is longer than {LARGEST_FORM} bytes")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), errors="strict")
    except ValueError:
        raise Refusal("invalid_request", "the body is not a form in UTF-8") from None
    form = dict(pairs)
    # RFC 6749, 3.2: parameters must not be repeated.
    if len(form) != len(pairs):
        raise Refusal("invalid_request", "a parameter stands twice")
    return {name: value for name, value in form.items() if value}  # RFC 6749, 3.2: without a value is as omitted


def _authenticated_client(request: Request, form: dict[str, str]) -> DemoCaller:
    name, secret = _credentials(request, form)
    caller = DEMO_CALLERS.get(name)
    files = request.app.state.settings.account_secret_files
    valid = [CLIENT_SECRET, *(file.read_text(encoding="ascii") for file in files)]
    if caller is None or not any(hmac.compare_digest(secret.encode(), value.encode()) for value in valid):
        raise Refusal("invalid_client", "the client is unknown or its secret is wrong", status=401)
    if not caller.is_service_account:
        raise Refusal("unauthorized_client", "only a service account may use this grant")
    return caller


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return form.get("client_id", ""), form.get("client_secret", "")
    if "client_secret" in form:
        raise Refusal("invalid_request", "the client authenticates in two ways")
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        name = secret = ""
    # RFC 6749, 2.3.1: both are encoded as in a form before they go into the header.
    return (unquote_plus(name), unquote_plus(secret)) if scheme.lower() == "basic" else ("", "")


def _named_caller(form: dict[str, str]) -> DemoCaller:
    if "caller" not in form:
        raise Refusal("invalid_request", "caller is missing")
    if form["caller"] not in DEMO_CALLERS:
        raise Refusal("invalid_grant", "there is no such demo caller")
    return DEMO_CALLERS[form["caller"]]


def _scopes(caller: DemoCaller, form: dict[str, str]) -> tuple[str, ...]:
    scopes = tuple(form["scope"].split(" ")) if "scope" in form else caller.scopes
    if not set(scopes) <= set(caller.scopes):
        raise Refusal("invalid_scope", "the caller has no such scope")
    return scopes


def __getattr__(name: str) -> Starlette:
    """Make `app` only on access: this module is also imported where no issuer is configured."""
    if name == "app":
        return create_issuer(IssuerSettings())
    raise AttributeError(name)
