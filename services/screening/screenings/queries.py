"""Every SELECT on screenings.

Each has a predicate for the caller's reach; row-level security is a second guard.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Stored
from services.chassis.ground.problems import FieldError, UnknownReference, refuse
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller
from services.chassis.web.filters import Filter, Filtered, by_key, filtered
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.screening.campaigns.queries import REFERRED, require_open
from services.screening.permissions import Permission
from services.screening.problems import (
    ResultNotAvailable,
    ScreeningNotFound,
)
from services.screening.screenings import statements
from services.screening.screenings.models import Screening
from services.screening.screenings.schemas import (
    ScreeningDetail,
    ScreeningList,
    ScreeningRead,
)

SCREENINGS: FromClause = rows_of(Screening)


EXPANSIONS = {"campaign": REFERRED}


def _columns(names: Iterable[str]) -> dict[str, ColumnElement[Any]]:
    return {name: SCREENINGS.c[name] for name in names}


_LISTING = Listing(
    _columns(ScreeningRead.model_fields),
    {"created_at": SCREENINGS.c.created_at},
    "-created_at",
    SCREENINGS.c.id,
)
_KEY = (SCREENINGS.c.id, SCREENINGS.c.version)
STORED = stored_columns(_LISTING.wire, *_KEY)
_STORED_NOW = stored_columns({**_LISTING.wire, "warnings": statements.WARNINGS}, *_KEY)
_STORED_DETAIL = stored_columns(_columns(ScreeningDetail.model_fields), *_KEY)
_SAME = (
    *("campaign_id", "stage", "institution_id", "subject_ref", "instrument_code"),
    *("source", "external_id", "implementer"),
    *("state", "outcome", "county_terc", "informant"),
)
_DAY = SCREENINGS.c.administered_on
_LIST = Filtered(
    _LISTING,
    SCREENINGS,
    {name: Filter(SCREENINGS.c[name]) for name in _SAME}
    | {
        "administered_from": Filter(_DAY, "from"),
        "administered_to": Filter(_DAY, "to"),
    },
    county=SCREENINGS.c.county_terc,
    institution=SCREENINGS.c.institution_id,
)


class RecordingBasis(NamedTuple):
    """What recording a screening needs: a version of an instrument, its norms, a campaign.

    The fields of a missing one are None.
    """

    version_id: UUID | None
    version_state: str | None
    norm_set_id: UUID | None
    campaign_state: str | None
    campaign_county: str | None


async def get_recording_basis(
    change: Change, code: str, number: int, campaign_id: UUID | None
) -> RecordingBasis:
    """What recording a screening by this version needs.

    The campaign is locked, so that it cannot change meanwhile.

    One round trip, because recording is the platform's most frequent write.
    """
    [row] = await change.fetch(
        statements.FIND_RECORDING_BASIS, code, number, campaign_id
    )
    return RecordingBasis(*row)


def require_campaign(
    basis: RecordingBasis, county: str, implementer: str | None
) -> None:
    """Raise a problem unless the campaign is open and of this county, and an
    implementer is named.
    """
    if basis.campaign_state is None:
        raise UnknownReference(FieldError("pointer", "/campaign_id", "not_found"))
    require_open(basis.campaign_state)
    # A campaign of several counties (None) takes screenings of any.
    if basis.campaign_county not in {None, county}:
        refuse(("county_terc", "outside_campaign"))
    if implementer is None:
        refuse(("implementer", "missing"))


def is_visible_to(caller: Caller) -> ColumnElement[bool]:
    """The condition of the screenings that the caller may read."""
    return within(
        caller,
        Permission.READ_SCREENINGS,
        county=SCREENINGS.c.county_terc,
        institution=SCREENINGS.c.institution_id,
    )


def list_screenings(reading: Reading, query: ScreeningList) -> Listed:
    """The screenings that a list or a file shows."""
    values = {name: getattr(query, name) for name in _LIST.filters}
    if query.stage:
        values["stage"] = int(query.stage)
    screenings = filtered(_LIST, values, reading.caller, Permission.READ_SCREENINGS)
    return screenings._replace(expansions=EXPANSIONS)


def _is_screening(caller: Caller, screening_id: UUID) -> ColumnElement[bool]:
    is_screening: ColumnElement[bool] = SCREENINGS.c.id == screening_id
    return is_screening & is_visible_to(caller)


async def get_screening(reading: Reading, screening_id: UUID) -> Stored:
    """One screening with its answers."""
    permission = Permission.READ_SCREENINGS
    lookup = by_key(_LIST, screening_id, reading.caller, permission, _STORED_DETAIL)
    return await reading.stored(lookup.statement, ScreeningNotFound, lookup.values)


async def get_recorded(reading: Reading, screening_id: UUID) -> Stored:
    """One screening with its contradictions to other screenings of its subject."""
    permission = Permission.READ_SCREENINGS
    lookup = by_key(_LIST, screening_id, reading.caller, permission, _STORED_NOW)
    return await reading.stored(lookup.statement, ScreeningNotFound, lookup.values)


async def get_record(reading: Reading, screening_id: UUID) -> Screening:
    """The record of a screening that the caller may see."""
    lookup = by_key(_LIST, screening_id, reading.caller, Permission.READ_SCREENINGS)
    return await reading.instance(
        Screening, lookup.statement, ScreeningNotFound, lookup.values
    )


async def get_scored(reading: Reading, screening_id: UUID) -> Screening:
    """The record of a screening that has a result; ResultNotAvailable when it has none."""
    screening = await get_record(reading, screening_id)
    if screening.result is None:
        raise ResultNotAvailable(state=screening.state)
    return screening


async def lock_screening(change: Change, screening_id: UUID) -> Screening:
    """The record of a screening that the caller may see, locked until the transaction ends."""
    statement = select(SCREENINGS).where(_is_screening(change.caller, screening_id))
    return await change.instance(
        Screening, statement.with_for_update(), ScreeningNotFound
    )
