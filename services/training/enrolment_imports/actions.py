"""Files of seats: every row is judged as if it were sent alone, in the file's order."""

from collections.abc import Sequence
from uuid import UUID

from services.chassis.background.jobs import JobRun
from services.chassis.data.relating import acting_everywhere
from services.chassis.data.work import Change
from services.chassis.ground import clock
from services.chassis.ground.problems import StateConflict
from services.chassis.transfer.files import RowProblem
from services.chassis.transfer.imports import Import, Merged, reject
from services.chassis.trust.access import own_counties
from services.training.enrolment_imports import queries, rules, statements
from services.training.enrolment_imports.queries import Place
from services.training.enrolments.actions import enter, require_entered
from services.training.groups.queries import get_group_facts, lock_group
from services.training.peers import find_sites
from services.training.permissions import Permission
from services.training.problems import DatesOverlap, LocationUnchecked, NotEligible
from services.training.programmes.rules import EnrolmentRule
from services.training.trainees.models import Trainee
from services.training.trainees.queries import list_trainees_by_id, lock_colleagues


async def _merge(change: Change, run: JobRun) -> Merged:
    """Enrol everybody whom the rules let in; who is in the group already stays there."""
    source, programme = run.parameters["source"], run.parameters["programme_code"]
    own = own_counties(run.caller, Permission.ENROL)
    # First: what is said of other counties is not even compared.
    if own is not None:
        await reject(change, statements.OUT_OF_REACH, own)
    await reject(change, statements.UNKNOWN, source, programme)
    places = await queries.list_places(change, source, programme)
    if not places:
        return Merged()
    people = {place.trainee_id for place in places}
    trainees = await list_trainees_by_id(change, people)
    # Asked before anything is locked: nobody waits for another service.
    sites = await _sites(change, places[0].group_id, trainees)
    async with acting_everywhere(change):
        return await _enter_all(change, run, places, trainees, sites)


async def _sites(
    change: Change, group_id: UUID, trainees: Sequence[Trainee]
) -> frozenset[UUID]:
    """The locations of the programme where it has any; LocationUnchecked."""
    group = await get_group_facts(change, group_id)
    is_asked = any(each.site_id for each in trainees)
    if (
        group.programme_enrolment_rule != EnrolmentRule.SOCIAL_EMPLOYMENT
        or not is_asked
    ):
        return frozenset()
    # All at once, and not one by one as for single people.
    sites = await find_sites(group.programme_code)
    if sites is None:
        raise LocationUnchecked()
    return sites


async def _enter_all(
    change: Change,
    run: JobRun,
    places: Sequence[Place],
    trainees: Sequence[Trainee],
    sites: frozenset[UUID],
) -> Merged:
    group_ids = {place.group_id for place in places}
    # All groups, then all people, each in one order: two files never wait for each
    # other.
    for group_id in sorted(group_ids):
        await lock_group(change, group_id)
    await lock_colleagues(change, trainees)
    taken = await queries.list_taken(change, group_ids)
    known = {each.id: each for each in trainees}
    problems, created, unchanged = list[tuple[int, str, str]](), 0, 0
    for place in places:
        trainee = known[place.trainee_id]
        if (trainee.id, place.group_id) in taken:
            unchanged += 1
            continue
        wrong = await _enter(change, run, place, trainee, trainee.site_id in sites)
        problems += [(place.line, *each) for each in wrong]
        created += not wrong
    if problems:
        await reject(
            change, statements.REFUSED, *map(list, zip(*problems, strict=True))
        )
    return Merged(created, 0, unchanged)


async def _enter(
    change: Change, run: JobRun, place: Place, trainee: Trainee, is_site: bool
) -> list[RowProblem]:
    """What keeps somebody out of the group; nothing where they entered it."""
    # Read anew for each: the rows before have taken seats.
    group = await lock_group(change, place.group_id)
    try:
        require_entered(group)
        now, job = clock.now(), str(run.id)
        await enter(change, group, trainee, now, is_site=is_site, job=job)
    except StateConflict:
        return [RowProblem("/group_code", "not_open")]
    except DatesOverlap:
        return [RowProblem("/group_code", "dates_overlap")]
    except NotEligible as refusal:
        missing = refusal.members["missing"]
        return [RowProblem("/external_id", str(need)) for need in missing]
    return []


ENROLMENTS_FILE = Import(
    kind="enrolments",
    permission=Permission.ENROL,
    rule=rules.staged_row,
    staging=rules.STAGING,
    merge=_merge,
    fields=rules.FIELDS,
    required=tuple(rules.FIELDS),
    unique=("external_id",),
    # Somebody may enter several groups of a programme that does not count people.
    unique_within=("county_terc", "group_code"),
    # UTF-8 first: nearly any bytes can be read as cp1250.
    encodings=("utf-8", "cp1250"),
    # Seats of all groups named stay locked until the last row was judged.
    most_rows=2_000,
)
