"""Who is calling, and which permission an endpoint demands."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends
from fastapi.params import Depends as Dependency
from starlette.requests import Request

from services.chassis.ground.correlation import trace_id
from services.chassis.ground.problems import (
    FieldError,
    Forbidden,
    MalformedRequest,
    Unauthenticated,
)
from services.chassis.trust.callers import ACTS_FOR, Caller
from services.chassis.trust.issuers import TokenVerifier


def bearer_token(authorizations: list[str]) -> str:
    """The bearer token; Unauthenticated for none, MalformedRequest for two headers."""
    # With two headers, one parser would take the first and another the second.
    if len(authorizations) > 1:
        raise MalformedRequest()
    scheme, _, token = (authorizations[0] if authorizations else "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(reason="token-missing")
    return token


async def identify(request: Request) -> Caller:
    """The caller of a request, by its token."""
    cached_caller: Caller | None = request.scope.get("splot.caller")
    # Several dependencies of a request need the caller: its token is verified once.
    if cached_caller is not None:
        return cached_caller
    verifier: TokenVerifier = request.app.state.verifier
    claims = await verifier.verify(
        bearer_token(request.headers.getlist("authorization")), trace_id()
    )
    caller: Caller = request.app.state.caller_of(claims)
    # A person cannot act for another, whatever the header says; the gateway drops it.
    if caller.is_service_account and ACTS_FOR in request.headers:
        subject = _subject_in(request.headers.getlist(ACTS_FOR))
        caller = replace(caller, acts_for=subject)
    request.scope["splot.caller"] = caller
    return caller


def _subject_in(values: list[str]) -> str:
    """The decoded subject of the header; MalformedRequest if it is none."""
    subject = unquote(values[0])
    # As long as the subject of a token may be, and harmless in a log.
    if len(values) > 1 or not subject.isprintable() or not 0 < len(subject) <= 255:
        raise MalformedRequest(FieldError("header", ACTS_FOR, "wrong_format"))
    return subject


class PermissionCheck:
    """The demand of an endpoint, as a dependency that can be listed from the routes."""

    def __init__(self, permission: StrEnum) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> Caller:
        caller = await identify(request)
        if caller.reach(self.permission) is None:
            raise Forbidden(permission=str(self.permission))
        return caller


def requires(permission: StrEnum) -> Dependency:
    """`Annotated[Caller, requires(Permission.X)]`: a caller with that permission."""
    check: Dependency = Depends(PermissionCheck(permission))
    return check


AnyCaller = Annotated[Caller, Depends(identify)]
"""A caller with any token that can be verified."""
