"""Every change of a decision on scope."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import StateConflict, refuse
from services.registry.permissions import Permission
from services.registry.problems import SamePersonSigned
from services.registry.scope_decisions import queries, rules
from services.registry.scope_decisions.models import ScopeDecision
from services.registry.scope_decisions.rules import ScopeParty
from services.registry.scope_decisions.schemas import ScopeDecisionCreate
from services.registry.sites.actions import (
    lock_site_within_reach,
    record_change,
    require_part,
)
from services.registry.sites.rules import date_code
from services.registry.tables import recording

_SIGNING = {
    ScopeParty.COALITION: Permission.SIGN_FOR_COALITION,
    ScopeParty.PROJECT: Permission.SIGN_FOR_PROJECT,
}


async def _change(change: Change, decision_id: UUID, values: dict[str, Any]) -> Stored:
    # A new version also when it is superseded: a caller about to sign it
    # is then refused.
    new_version = {"version": ScopeDecision.version + 1, "changed_at": func.now()}
    is_decision = col(ScopeDecision.id) == decision_id
    statement = update(ScopeDecision).where(is_decision)
    statement = statement.values(**values | new_version)
    return await change.stored(statement.returning(*queries.STORED))


async def decide_scope(
    change: Change, site_id: UUID, new: ScopeDecisionCreate, today: date
) -> Stored:
    """Record which spheres are to be tested at a site; it supersedes the decision
    before it, signed or not.
    """
    permission = Permission.RECORD_SITE_STEPS
    site = await lock_site_within_reach(change, permission, site_id)
    require_part(site, new.decided_on)
    spheres = site.programme_spheres
    if code := rules.wrong_spheres(new.spheres, spheres):
        refuse(("spheres", code), allowed=spheres)
    # Under the site's lock: of two decisions at once the second supersedes the first.
    before = await queries.find_current_decision(change, site_id)
    # Decisions follow each other in time: a step needs the decision of its day.
    since = before.decided_on if before else None
    if code := date_code(new.decided_on, since, today):
        refuse(("decided_on", code))
    if before is not None:
        # Before the new one is written, since the index allows one current decision.
        await _change(change, before.id, {"superseded_at": func.now()})
    values = {
        "site_id": site_id,
        "spheres": sorted(new.spheres),
        "decided_on": new.decided_on,
        "recorded": recording(change.caller.subject, "decided_on"),
    }
    statement = insert(ScopeDecision).values(**values)
    decision = await change.stored(statement.returning(*queries.STORED))
    decision_id = str(decision.key)
    record_change(
        change, "decide_scope", site, "scope-decided", decision_id=decision_id
    )
    return decision


async def sign_scope(
    change: Change, site_id: UUID, decision_id: UUID, version: int, party: ScopeParty
) -> Stored:
    """Sign a decision for the coalition or for the project: two parties, two persons."""
    site = await lock_site_within_reach(change, _SIGNING[party], site_id)
    decision = await queries.lock_decision(change, site_id, decision_id)
    require_part(site, decision.decided_on)
    require_version(decision.version, version)
    state, allowed = rules.signature_state(decision), rules.allowed_signatures(decision)
    if f"sign-for-{party}" not in allowed:
        raise StateConflict(state=state, allowed=allowed)
    person = change.caller.subject
    # Permissions do not rule this out: one person may have both roles.
    if person in (decision.signed_by_coalition, decision.signed_by_project):
        raise SamePersonSigned(state=state, missing=[party.value])
    values = {f"signed_by_{party}": person, f"signed_by_{party}_at": func.now()}
    signed = await _change(change, decision_id, values)
    action, event = f"sign_scope_for_{party}", f"scope-signed-for-{party}"
    record_change(change, action, site, event, decision_id=str(decision_id))
    return signed
