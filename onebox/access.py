"""Tokens for whoever works with the running instance of a folder."""

from dataclasses import dataclass

from onebox.callers import ROLES, caller_with_role, institution_of
from onebox.instance import Instance, InstanceError, running_url
from onebox.tokens import mint, read_keys


@dataclass(frozen=True)
class Wanted:
    """What a token shall say; None: as the demo caller of the (first) role has it."""

    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    counties: tuple[str, ...] | None = None
    institution_id: str | None = None
    subject: str | None = None


def demand_known(wanted: Wanted) -> None:
    """Raises a Failure for nobody, and for a role that nobody has."""
    if not wanted.roles and not wanted.scopes:
        raise InstanceError("Say who the caller is: --role ROLE, or --scope SCOPE for a service account.")
    unknown = [role for role in wanted.roles if role not in ROLES]
    if unknown:
        raise InstanceError(f"There is no role {', '.join(unknown)}. Roles: {', '.join(ROLES)}.")


def mint_for(instance: Instance, wanted: Wanted) -> str:
    """A token of the running instance; raises a Failure for a role that nobody has."""
    demand_known(wanted)
    pattern = caller_with_role(wanted.roles[0]) if wanted.roles else None
    everywhere = pattern.counties if pattern else ("*",)
    issuer = f"{running_url(instance)}/issuer"
    return mint(
        read_keys(instance.issuer_key)[0],
        issuer=issuer,
        subject=wanted.subject or (pattern.name if pattern else "demo-service-account"),
        roles=wanted.roles,
        counties=everywhere if wanted.counties is None else wanted.counties,
        institution_id=wanted.institution_id or (institution_of(pattern, instance.folder) if pattern else None),
        scopes=wanted.scopes,
    )
