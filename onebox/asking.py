"""Tokens for callers of a platform elsewhere, in containers for instance: they are requested
from its development issuer.
"""

from collections.abc import Callable, Generator

import httpx

from onebox.access import TokenRequest, demand_known
from onebox.callers import DEMO_CALLERS, DemoCaller, caller_with_role
from onebox.failures import Failure
from onebox.issuer import DEMO_CALLER


def token_from(url: str, request: TokenRequest, transport: httpx.BaseTransport | None = None) -> str:
    """A token of a demo caller. Raises a Failure when no demo caller fits the request, or no
    development issuer gives tokens.
    """
    caller = _demo_caller(request)
    form = {"grant_type": DEMO_CALLER, "caller": caller.name}
    if request.scopes:
        form["scope"] = " ".join(request.scopes)
    try:
        with httpx.Client(transport=transport, timeout=30, trust_env=False) as client:
            answer = client.post(f"{url.rstrip('/')}/issuer/token", data=form)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise Failure(f"There is no platform at {url}: {type(error).__name__}") from error
    if answer.status_code != httpx.codes.OK:
        raise Failure(
            f"No development issuer gives tokens at {url} ({answer.status_code}); "
            "a platform with an identity provider has them from there."
        )
    return str(answer.json()["access_token"])


def _demo_caller(request: TokenRequest) -> DemoCaller:
    demand_known(request)
    person = (request.counties, request.institution_id, request.subject)
    if person != (None, None, None) or len(request.roles) > 1 or (request.roles and request.scopes):
        raise Failure(
            "The issuer of a platform elsewhere gives tokens of its demo callers alone: "
            "with --url say one --role, or --scope, and no --county, --institution or --subject."
        )
    if request.roles:
        return caller_with_role(request.roles[0])
    for caller in DEMO_CALLERS.values():
        if set(request.scopes) <= set(caller.scopes):
            return caller
    raise Failure(f"No service account of the demo has {' and '.join(request.scopes)}.")


class Signed(httpx.Auth):
    """Signs every request with a token, which is renewed when it has expired."""

    def __init__(self, renew: Callable[[], str]) -> None:
        self._renew = renew
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """httpx: send the request, and send it again with a new token after a 401."""
        is_new = self._token is None
        answer = yield self._sign(request)
        # Not after a refused new token: another one would be refused as well.
        if answer.status_code == httpx.codes.UNAUTHORIZED and not is_new:
            self._token = None
            yield self._sign(request)

    def _sign(self, request: httpx.Request) -> httpx.Request:
        self._token = self._token or self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
