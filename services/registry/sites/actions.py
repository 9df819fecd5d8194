"""Every change of a site."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change, Stored, require_version
from services.chassis.ground.problems import (
    FieldError,
    StateConflict,
    UnknownReference,
    refuse,
)
from services.chassis.trust.access import demand
from services.registry.agreements.queries import find_agreement
from services.registry.permissions import Permission
from services.registry.problems import AgreementNotUsable, SiteAlreadyOpen
from services.registry.processes.actions import start_run
from services.registry.programmes.queries import get_programme_facts
from services.registry.programmes.rules import SiteLevel
from services.registry.sites import queries, rules
from services.registry.sites.models import Site
from services.registry.sites.queries import LockedSite
from services.registry.sites.rules import SiteStatus, SiteVerb
from services.registry.sites.schemas import (
    SiteActivate,
    SiteComplete,
    SiteCreate,
    SitePast,
    SiteSign,
    SiteUpdate,
    SiteWithdraw,
)
from services.registry.tables import also_recording, recording
from services.registry.territories.queries import find_county, require_commune


def record_change(
    change: Change,
    action: str,
    site: LockedSite,
    event: str,
    version: int | None = None,
    **detail: Any,
) -> None:
    """The audit record and the event of a change at a site. `version`: its new version,
    if there is one.
    """
    subject = Subject(f"sites/{site.id}", version or site.version, site.county_terc)
    programme = {"programme_code": site.programme_code}
    change.record(action, subject, f"site.{event}", event_data=programme, **detail)


async def _check_place(
    change: Change, level: str, county: str, commune: str | None
) -> None:
    if code := rules.misplaced(SiteLevel(level), county, commune):
        refuse(("commune_terc", code))
    if commune is not None:
        await require_commune(change, commune)


async def create_site(
    change: Change, programme_code: str, new: SiteCreate, today: date
) -> Stored:
    """Add a county, commune or location to a programme as a candidate, and start its
    run through the programme's process.
    """
    programme = await get_programme_facts(change, programme_code)
    await find_county(change, new.county_terc, name="/county_terc")
    demand(change.caller, Permission.EDIT_SITES, county=new.county_terc)
    await _check_place(change, programme.site_level, new.county_terc, new.commune_terc)
    values = new.model_dump(exclude={"past"}) | {
        "programme_code": programme.code,
        "site_level": programme.site_level,
    }
    if new.past is not None:
        # A participation that is over is entered with all its days and
        # its final status.
        needs_agreement = programme.needs_agreement
        values |= await _past(change, values, new.past, today, needs_agreement)
    statement = insert(Site).values(**values)
    site_id: UUID = await change.scalar(statement.returning(col(Site.id)))
    subject = Subject(f"sites/{site_id}", county=new.county_terc)
    if programme.process_code is not None:
        code, county = programme.process_code, new.county_terc
        run_id = await start_run(change, code, county, subject.path)
        with_run = update(Site).where(col(Site.id) == site_id).values(run_id=run_id)
        await change.execute(with_run)
    facts = {"programme_code": programme.code}
    status = values.get("status", SiteStatus.CANDIDATE)
    change.record(
        "create_site", subject, "site.created", event_data=facts, status=status
    )
    return await queries.get_site(change, site_id, today)


async def _past(
    change: Change,
    site: dict[str, Any],
    past: SitePast,
    today: date,
    needs_agreement: bool,
) -> dict[str, Any]:
    """The values of a participation that is over, checked for its own days and
    not for today.
    """
    status = SiteStatus.WITHDRAWN if past.reason else SiteStatus.COMPLETED
    since = past.signed_on or past.started_on
    wrong = rules.wrong_days(since, past.started_on, past.ended_on, today)
    if needs_agreement and past.agreement_id is None:
        wrong.append(("agreement_id", "missing"))
    refuse(*wrong, at="/past")
    if past.agreement_id is not None:
        at = (site["county_terc"], status, past.agreement_id)
        # The agreement must bind on both days: it may have been
        # terminated between them.
        for day in (since, past.started_on):
            await _require_agreement(change, *at, day, "/past/agreement_id")
    # The unique indexes cover only open sites.
    if await queries.another_is_of_that_time(change, site, since, past.ended_on):
        raise SiteAlreadyOpen
    days = past.model_dump() | {"signed_on": since if past.agreement_id else None}
    names = [name for name in rules.DAY_OF.values() if days[name]]
    entries = recording(change.caller.subject, *dict.fromkeys(names))
    return days | {"status": status, "recorded": entries}


async def _lock_for_change(change: Change, site_id: UUID, version: int) -> LockedSite:
    """The site to change, locked: within the caller's reach and unchanged
    since it was read.
    """
    site = await queries.lock_site(change, site_id)
    demand(change.caller, Permission.EDIT_SITES, county=site.county_terc)
    require_version(site.version, version)
    return site


def _allowed_verbs(site: LockedSite) -> list[SiteVerb]:
    needs_agreement = site.programme_needs_agreement
    return rules.allowed_verbs(SiteStatus(site.status), needs_agreement=needs_agreement)


def _require_verb(site: LockedSite, verb: SiteVerb) -> None:
    allowed = _allowed_verbs(site)
    if verb not in allowed:
        # Only this error can name the next step: sign the site with an agreement first.
        lacks_agreement = (
            verb is SiteVerb.ACTIVATE and site.status == SiteStatus.CANDIDATE
        )
        missing: dict[str, Any] = {"missing": ["agreement"]} if lacks_agreement else {}
        raise StateConflict(state=site.status, allowed=allowed, **missing)


def _require_day(name: str, day: date, since: date | None, today: date) -> None:
    if code := rules.date_code(day, since, today):
        refuse((name, code))


async def _change(change: Change, site: LockedSite, values: dict[str, Any]) -> int:
    """Set these values and the next version of a site; returns that version."""
    values = values | {"version": Site.version + 1, "changed_at": func.now()}
    statement = update(Site).where(col(Site.id) == site.id).values(**values)
    version: int = await change.scalar(statement.returning(col(Site.version)))
    return version


async def amend_site(
    change: Change, site_id: UUID, patch: SiteUpdate, version: int, today: date
) -> Stored:
    """Change the descriptive facts of a site."""
    site = await _lock_for_change(change, site_id, version)
    patched = patch.model_dump(exclude_unset=True)
    # The county cannot be patched, so only a new commune can be in a wrong county.
    if "commune_terc" in patched:
        commune = patch.commune_terc
        await _check_place(change, site.site_level, site.county_terc, commune)
    after = await _change(change, site, patched)
    record_change(change, "amend_site", site, "changed", after, fields=sorted(patched))
    return await queries.get_site(change, site_id, today)


async def _require_agreement(
    change: Change,
    county: str,
    status: str,
    agreement_id: UUID,
    day: date,
    pointer: str = "/agreement_id",
) -> None:
    """AgreementNotUsable, with what is missing, unless a site of this county may be
    based on the agreement on that day.
    """
    agreement = await find_agreement(change, agreement_id)
    if agreement is None:
        raise UnknownReference(FieldError("pointer", pointer, "not_found"))
    missing = rules.missing_of_agreement(agreement, county, day)
    if missing:
        raise AgreementNotUsable(state=status, missing=missing)


async def _move(
    change: Change, site: LockedSite, verb: SiteVerb, today: date, **values: Any
) -> Stored:
    """Move a site to the status that follows the verb."""
    status = rules.STATUS_AFTER[verb]
    recorded = also_recording(Site, change.caller.subject, rules.DAY_OF[verb])
    values = values | {"status": status, "recorded": recorded}
    after = await _change(change, site, values)
    event = status.replace("_", "-")
    record_change(change, f"{verb}_site", site, event, after, status=status)
    return await queries.get_site(change, site.id, today)


async def sign_site(
    change: Change, site_id: UUID, signing: SiteSign, version: int, today: date
) -> Stored:
    """Base a candidate on a signed agreement of the same county, from a day on
    which it binds.
    """
    site = await _lock_for_change(change, site_id, version)
    _require_verb(site, SiteVerb.SIGN)
    day = signing.signed_on or today
    _require_day("signed_on", day, None, today)
    place = (site.county_terc, site.status)
    await _require_agreement(change, *place, signing.agreement_id, day)
    values = signing.model_dump() | {"signed_on": day}
    return await _move(change, site, SiteVerb.SIGN, today, **values)


async def activate_site(
    change: Change, site_id: UUID, start: SiteActivate, version: int, today: date
) -> Stored:
    """Start a site; its agreement, where it has one, must bind on the day of the start."""
    site = await _lock_for_change(change, site_id, version)
    _require_verb(site, SiteVerb.ACTIVATE)
    started_on = start.started_on
    # No earliest day: the site may have worked before it was recorded.
    _require_day("started_on", started_on, None, today)
    # The agreement was in force on the day of signing, not necessarily on this day.
    if site.agreement_id is not None:
        place = (site.county_terc, site.status)
        await _require_agreement(change, *place, site.agreement_id, started_on)
    return await _move(change, site, SiteVerb.ACTIVATE, today, started_on=started_on)


async def complete_site(
    change: Change, site_id: UUID, end: SiteComplete, version: int, today: date
) -> Stored:
    """Complete an active site."""
    return await _end_site(change, site_id, end, version, today)


async def withdraw_site(
    change: Change, site_id: UUID, end: SiteWithdraw, version: int, today: date
) -> Stored:
    """Withdraw a site from its programme, for a reason."""
    return await _end_site(change, site_id, end, version, today)


async def _end_site(
    change: Change,
    site_id: UUID,
    end: SiteComplete | SiteWithdraw,
    version: int,
    today: date,
) -> Stored:
    # One function for both ends, which differ only by their reason.
    verb = SiteVerb.WITHDRAW if isinstance(end, SiteWithdraw) else SiteVerb.COMPLETE
    site = await _lock_for_change(change, site_id, version)
    _require_verb(site, verb)
    _require_day("ended_on", end.ended_on, site.started_on, today)
    return await _move(change, site, verb, today, **end.model_dump())


async def lock_site_within_reach(
    change: Change, permission: Permission, site_id: UUID
) -> LockedSite:
    """A site within the caller's reach, locked until the transaction ends."""
    site = await queries.lock_site(change, site_id)
    demand(change.caller, permission, county=site.county_terc)
    return site


def require_part(site: LockedSite, day: date) -> None:
    """StateConflict unless the site took part on that day, the day of a step
    or a decision.
    """
    if not rules.took_part(site.status, site.ended_on, day):
        raise StateConflict(state=site.status, allowed=_allowed_verbs(site))
