"""Tokens for whoever works with a platform elsewhere, in containers for instance: its
development issuer is asked.
"""

from collections.abc import Callable, Generator

import httpx

from onebox.access import Wanted, demand_known
from onebox.callers import DEMO_CALLERS, DemoCaller, caller_with_role
from onebox.failures import Failure
from onebox.issuer import DEMO_CALLER


def token_from(url: str, wanted: Wanted, transport: httpx.BaseTransport | None = None) -> str:
    """A token of a demo caller. Raises a Failure where nobody is as asked, or no
    development issuer gives tokens.
    """
    caller = _demo_caller(wanted)
    form = {"grant_type": DEMO_CALLER, "caller": caller.name}
    if wanted.scopes:
        form["scope"] = " ".join(wanted.scopes)
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


def _demo_caller(wanted: Wanted) -> DemoCaller:
    demand_known(wanted)
    own = (wanted.counties, wanted.institution_id, wanted.subject)
    if own != (None, None, None) or len(wanted.roles) > 1 or (wanted.roles and wanted.scopes):
        raise Failure(
            "The issuer of a platform elsewhere gives tokens of its demo callers alone: "
            "with --url say one --role, or --scope, and no --county, --institution or --subject."
        )
    if wanted.roles:
        return caller_with_role(wanted.roles[0])
    for caller in DEMO_CALLERS.values():
        if set(wanted.scopes) <= set(caller.scopes):
            return caller
    raise Failure(f"No service account of the demo has {' and '.join(wanted.scopes)}.")


class Signed(httpx.Auth):
    """Signs every request with one token, and with a new one when that has run out."""

    def __init__(self, renew: Callable[[], str]) -> None:
        self._renew = renew
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """httpx: what is sent, and sent again."""
        is_new = self._token is None
        answer = yield self._signed(request)
        # A token that was made just now would be refused again.
        if answer.status_code == httpx.codes.UNAUTHORIZED and not is_new:
            self._token = None
            yield self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        self._token = self._token or self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
