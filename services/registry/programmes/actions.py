"""Every change of a programme, of its sites and of the decisions on scope."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis import audit, events
from services.chassis.access import demand
from services.chassis.answers import Answer, created, etag, tagged
from services.chassis.callers import Caller
from services.chassis.concurrency import IfMatch, expected_version
from services.chassis.listing import json_object
from services.chassis.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    ValidationFailed,
    VersionMismatch,
)
from services.chassis.work import Change, Record
from services.registry.agreements.queries import find_agreement
from services.registry.permissions import Permission
from services.registry.problems import (
    AgreementNotUsable,
    SamePersonSigned,
    ScopeNotDecided,
)
from services.registry.processes import actions as runs
from services.registry.processes.queries import get_run_steps
from services.registry.processes.rules import StepOutcome
from services.registry.processes.schemas import StepRecord, StepTakeBack
from services.registry.programmes import queries
from services.registry.programmes import schemas as wire
from services.registry.programmes.models import Programme, ScopeDecision, Site
from services.registry.programmes.rules import scope
from services.registry.programmes.rules import sites as rules
from services.registry.programmes.rules.scope import ScopeParty
from services.registry.programmes.rules.sites import SiteLevel, SiteStatus, SiteVerb
from services.registry.territories.queries import find_county, require_commune


def _note(
    change: Change, caller: Caller, action: str, event: str, row: Any, **detail: Any
) -> None:
    """The audit record and the event of a change of a site."""
    subject = f"sites/{row.id}"
    audit.record(change, caller, action, subject, county=row.county_terc, detail=detail)
    data = {
        "href": f"/v1/registry/{subject}",
        "programme_code": row.programme_code,
        **detail,
    }
    events.emit(
        change,
        f"registry.site.{event}",
        subject,
        row.version,
        county=row.county_terc,
        data=data,
    )


def _note_programme(
    change: Change, caller: Caller, action: str, row: Record, fields: list[str]
) -> None:
    subject, event = (
        f"programmes/{row.code}",
        "created" if row.version == 1 else "changed",
    )
    audit.record(change, caller, action, subject, detail={"fields": fields})
    data = {"href": f"/v1/registry/{subject}", "fields": fields}
    events.emit(change, f"registry.programme.{event}", subject, row.version, data=data)


def _refuse(pointer: str, code: str | None, **members: Any) -> None:
    if code is not None:
        raise ValidationFailed(FieldError("pointer", pointer, code), **members)


def _check_programme(facts: Any) -> None:
    wrong = rules.contradictions(facts)
    if wrong:
        raise ValidationFailed(
            *[FieldError("pointer", f"/{name}", code) for name, code in wrong]
        )


async def create_programme(
    change: Change, caller: Caller, new: wire.ProgrammeCreate
) -> Answer:
    """Set up a programme. It is no county's: whoever does so reaches all."""
    demand(caller, Permission.EDIT_PROGRAMMES)
    facts = new.model_dump()
    _check_programme(facts)
    if new.process_code is not None:
        await queries.require_process(change, new.process_code)
    statement = insert(Programme).values(**facts).returning(*queries.PROGRAMMES.c)
    row = await change.one(statement)
    _note_programme(change, caller, "create_programme", row, sorted(facts))
    answer = await queries.get_programme(change, None, row.code)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/registry/programmes/{row.code}"
    return answer


async def amend_programme(
    change: Change,
    caller: Caller,
    code: str,
    patch: wire.ProgrammeUpdate,
    if_match: IfMatch,
) -> Answer:
    """Change what the patch names."""
    row = await queries.lock_programme(change, code)
    demand(caller, Permission.EDIT_PROGRAMMES)
    if expected_version(if_match, code.lower()) != row.version:
        raise VersionMismatch()
    given = patch.model_dump(exclude_unset=True)
    _check_programme(dict(row._mapping) | given)
    stamped = given | {"version": Programme.version + 1, "changed_at": func.now()}
    statement = update(Programme).where(col(Programme.code) == code).values(**stamped)
    after = await change.one(statement.returning(*queries.PROGRAMMES.c))
    _note_programme(change, caller, "amend_programme", after, sorted(given))
    return await queries.get_programme(change, None, code)


async def _check_place(
    change: Change, level: str, county: str, commune: str | None
) -> None:
    _refuse("/commune_terc", rules.misplaced(SiteLevel(level), county, commune))
    if commune is not None:
        await require_commune(change, commune)


async def create_site(
    change: Change, caller: Caller, code: str, new: wire.SiteCreate, today: date
) -> Answer:
    """Let a county, commune or location stand as a candidate; its way through the programme's process begins."""
    programme = await queries.get_programme_facts(change, code)
    await find_county(change, new.county_terc, name="/county_terc")
    demand(caller, Permission.EDIT_SITES, county=new.county_terc)
    await _check_place(change, programme.site_level, new.county_terc, new.commune_terc)
    values = new.model_dump() | {
        "programme_code": code,
        "site_level": programme.site_level,
    }
    row = await change.one(insert(Site).values(**values).returning(*queries.SITES.c))
    if programme.process_code is not None:
        run = await runs.start_run(
            change, programme.process_code, row.county_terc, f"sites/{row.id}"
        )
        await change.execute(
            update(Site).where(col(Site.id) == row.id).values(run_id=run)
        )
    _note(change, caller, "create_site", "created", row, status=row.status)
    answer = await queries.get_site(change, row.id, today)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/registry/sites/{row.id}"
    return answer


async def _locked_for(
    change: Change, caller: Caller, site_id: UUID, if_match: IfMatch
) -> Record:
    """The site to change: within the caller's reach and unchanged since it was read."""
    row = await queries.lock_site(change, site_id)
    demand(caller, Permission.EDIT_SITES, county=row.county_terc)
    if expected_version(if_match, site_id) != row.version:
        raise VersionMismatch()
    return row


def _conflict(row: Record, **members: Any) -> StateConflict:
    verbs = rules.allowed_verbs(
        SiteStatus(row.status), needs_agreement=row.programme_needs_agreement
    )
    return StateConflict(state=row.status, allowed=verbs, **members)


def _require_verb(row: Record, verb: SiteVerb) -> None:
    if verb in rules.allowed_verbs(
        SiteStatus(row.status), needs_agreement=row.programme_needs_agreement
    ):
        return
    waits = verb is SiteVerb.ACTIVATE and row.status == SiteStatus.CANDIDATE
    raise _conflict(row, **({"missing": ["agreement"]} if waits else {}))


async def _change(change: Change, row: Record, values: dict[str, Any]) -> Record:
    stamped = values | {"version": Site.version + 1, "changed_at": func.now()}
    statement = (
        update(Site)
        .where(col(Site.id) == row.id)
        .values(**stamped)
        .returning(*queries.SITES.c)
    )
    return await change.one(statement)


async def amend_site(
    change: Change,
    caller: Caller,
    site_id: UUID,
    patch: wire.SiteUpdate,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Change what describes a site."""
    row = await _locked_for(change, caller, site_id, if_match)
    given = patch.model_dump(exclude_unset=True)
    if "commune_terc" in given:
        await _check_place(
            change, row.site_level, row.county_terc, given["commune_terc"]
        )
    after = await _change(change, row, given)
    _note(change, caller, "amend_site", "changed", after, fields=sorted(given))
    return await queries.get_site(change, site_id, today)


async def _require_agreement(
    change: Change, row: Record, agreement_id: UUID, today: date
) -> None:
    """AgreementNotUsable, naming what it lacks, unless the agreement can carry this site today."""
    agreement = await find_agreement(change, agreement_id)
    if agreement is None:
        raise UnknownReference(FieldError("pointer", "/agreement_id", "not_found"))
    lacking = rules.lacking_of_agreement(agreement, row.county_terc, today)
    if lacking:
        raise AgreementNotUsable(state=row.status, missing=lacking)


async def _move(
    change: Change,
    caller: Caller,
    row: Record,
    verb: SiteVerb,
    today: date,
    **values: Any,
) -> Answer:
    after = await _change(change, row, values | {"status": rules.STATUS_AFTER[verb]})
    _note(
        change,
        caller,
        f"{verb}_site",
        after.status.replace("_", "-"),
        after,
        status=after.status,
    )
    return await queries.get_site(change, row.id, today)


async def sign_site(
    change: Change,
    caller: Caller,
    site_id: UUID,
    signing: wire.SiteSign,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Let a signed agreement of the same county, valid today, carry a candidate."""
    row = await _locked_for(change, caller, site_id, if_match)
    _require_verb(row, SiteVerb.SIGN)
    await _require_agreement(change, row, signing.agreement_id, today)
    return await _move(
        change, caller, row, SiteVerb.SIGN, today, agreement_id=signing.agreement_id
    )


async def activate_site(
    change: Change,
    caller: Caller,
    site_id: UUID,
    start: wire.SiteActivate,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Let a site work; the agreement that carries it must still hold."""
    row = await _locked_for(change, caller, site_id, if_match)
    _require_verb(row, SiteVerb.ACTIVATE)
    if row.agreement_id is not None:
        await _require_agreement(change, row, row.agreement_id, today)
    _refuse("/started_on", rules.date_code(start.started_on, None, today))
    return await _move(
        change, caller, row, SiteVerb.ACTIVATE, today, started_on=start.started_on
    )


async def complete_site(
    change: Change,
    caller: Caller,
    site_id: UUID,
    end: wire.SiteComplete,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Close an active site that has done what it was to do."""
    row = await _locked_for(change, caller, site_id, if_match)
    _require_verb(row, SiteVerb.COMPLETE)
    _refuse("/ended_on", rules.date_code(end.ended_on, row.started_on, today))
    return await _move(
        change, caller, row, SiteVerb.COMPLETE, today, **end.model_dump()
    )


async def withdraw_site(
    change: Change,
    caller: Caller,
    site_id: UUID,
    end: wire.SiteWithdraw,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Let a site leave its programme, for a reason."""
    row = await _locked_for(change, caller, site_id, if_match)
    _require_verb(row, SiteVerb.WITHDRAW)
    _refuse("/ended_on", rules.date_code(end.ended_on, row.started_on, today))
    return await _move(
        change, caller, row, SiteVerb.WITHDRAW, today, **end.model_dump()
    )


async def _open_site(
    change: Change, caller: Caller, permission: Permission, site_id: UUID
) -> Record:
    """A site that takes steps and decisions, held, within the caller's reach."""
    row = await queries.lock_site(change, site_id)
    demand(caller, permission, county=row.county_terc)
    if row.status not in rules.OPEN:
        raise _conflict(row)
    return row


async def record_site_step(
    change: Change,
    caller: Caller,
    site_id: UUID,
    step: StepRecord,
    if_match: IfMatch,
    today: date,
) -> Answer:
    """Record the next step of a site. What is tested needs a decision on its scope that both parties signed."""
    row = await _open_site(change, caller, Permission.RECORD_SITE_STEPS, site_id)
    await runs.record_step(change, caller, row.run_id, step, if_match, today)
    if (
        step.outcome is StepOutcome.DONE
        and step.step in scope.STEPS_AFTER_A_DECISION
        and row.programme_spheres
    ):
        missing = scope.missing_signatures(
            await queries.find_current_decision(change, site_id)
        )
        if missing:
            raise ScopeNotDecided(state=row.status, missing=missing)
    _note(
        change,
        caller,
        "record_site_step",
        "step-recorded",
        row,
        step=step.step,
        outcome=step.outcome,
    )
    return await get_run_steps(change, None, row.run_id)


async def take_back_site_step(
    change: Change, caller: Caller, site_id: UUID, back: StepTakeBack, if_match: IfMatch
) -> Answer:
    """Take back the last recorded step of a site; that it was recorded stays in the history."""
    row = await _open_site(change, caller, Permission.RECORD_SITE_STEPS, site_id)
    await runs.take_back_step(change, caller, row.run_id, back, if_match)
    _note(change, caller, "take_back_site_step", "step-taken-back", row, step=back.step)
    return await get_run_steps(change, None, row.run_id)


async def _change_decision(
    change: Change, decision_id: UUID, values: dict[str, Any]
) -> Record:
    stamped = values | {"version": ScopeDecision.version + 1, "changed_at": func.now()}
    statement = (
        update(ScopeDecision)
        .where(col(ScopeDecision.id) == decision_id)
        .values(**stamped)
    )
    returning = (json_object(queries.DECISION_WIRE), col(ScopeDecision.version))
    return await change.one(statement.returning(*returning))


async def decide_scope(
    change: Change,
    caller: Caller,
    site_id: UUID,
    new: wire.ScopeDecisionCreate,
    today: date,
) -> Answer:
    """Write down what is to be tested at a site. It supersedes the decision before it, signed or not."""
    row = await _open_site(change, caller, Permission.RECORD_SITE_STEPS, site_id)
    _refuse(
        "/spheres",
        scope.wrong_spheres(new.spheres, row.programme_spheres),
        allowed=row.programme_spheres,
    )
    _refuse("/decided_on", rules.date_code(new.decided_on, None, today))
    before = await queries.find_current_decision(change, site_id)
    if before is not None:
        await _change_decision(change, before.id, {"superseded_at": func.now()})
    values = {
        "site_id": site_id,
        "spheres": sorted(new.spheres),
        "decided_on": new.decided_on,
    }
    returning = (json_object(queries.DECISION_WIRE), col(ScopeDecision.id))
    made = await change.one(
        insert(ScopeDecision).values(**values).returning(*returning)
    )
    _note(
        change, caller, "decide_scope", "scope-decided", row, decision_id=str(made.id)
    )
    return created(
        made[0],
        etag(made.id, 1),
        f"/v1/registry/sites/{site_id}/scope-decisions/{made.id}",
    )


async def sign_scope(
    change: Change,
    caller: Caller,
    site_id: UUID,
    decision_id: UUID,
    if_match: IfMatch,
    party: ScopeParty,
) -> Answer:
    """Sign a decision for the coalition or for the project: two parties, two persons."""
    for_coalition = party is ScopeParty.COALITION
    permission = (
        Permission.SIGN_FOR_COALITION if for_coalition else Permission.SIGN_FOR_PROJECT
    )
    row = await _open_site(change, caller, permission, site_id)
    decision = await queries.lock_decision(change, site_id, decision_id)
    if expected_version(if_match, decision_id) != decision.version:
        raise VersionMismatch()
    allowed = scope.allowed_signatures(decision)
    if f"sign-for-{party}" not in allowed:
        raise StateConflict(state=scope.signature_state(decision), allowed=allowed)
    if caller.subject in (decision.signed_by_coalition, decision.signed_by_project):
        raise SamePersonSigned(
            state=scope.signature_state(decision), missing=[party.value]
        )
    values = {f"signed_by_{party}": caller.subject, f"signed_by_{party}_at": func.now()}
    signed = await _change_decision(change, decision_id, values)
    _note(
        change,
        caller,
        f"sign_scope_for_{party}",
        f"scope-signed-for-{party}",
        row,
        decision_id=str(decision_id),
    )
    return tagged(signed[0], etag(decision_id, signed.version))
