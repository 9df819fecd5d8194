"""Tokens for callers of the running instance of a folder."""

from dataclasses import dataclass

from onebox.callers import ROLES, caller_with_role, institution_of
from onebox.instance import Instance, InstanceError, running_url
from onebox.tokens import mint, read_keys


@dataclass(frozen=True)
class TokenRequest:
    """The claims of a token to be made; None stands for the value of the (first)
    role's demo caller.
    """

    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    counties: tuple[str, ...] | None = None
    institution_id: str | None = None
    subject: str | None = None


def demand_known(request: TokenRequest) -> None:
    """Raises a Failure without any role or scope, and for a role that no demo caller has."""
    if not request.roles and not request.scopes:
        raise InstanceError("Say who the caller is: --role ROLE, or --scope SCOPE for a service account.")
    unknown = [role for role in request.roles if role not in ROLES]
    if unknown:
        raise InstanceError(f"There is no role {', '.join(unknown)}. Roles: {', '.join(ROLES)}.")


def mint_for(instance: Instance, request: TokenRequest) -> str:
    """A token of the running instance; raises a Failure for a role that no demo caller has."""
    demand_known(request)
    pattern = caller_with_role(request.roles[0]) if request.roles else None
    default_counties = pattern.counties if pattern else ("*",)
    issuer = f"{running_url(instance)}/issuer"
    return mint(
        read_keys(instance.issuer_key)[0],
        issuer=issuer,
        subject=request.subject or (pattern.name if pattern else "demo-service-account"),
        roles=request.roles,
        counties=default_counties if request.counties is None else request.counties,
        institution_id=request.institution_id or (institution_of(pattern, instance.folder) if pattern else None),
        scopes=request.scopes,
    )
