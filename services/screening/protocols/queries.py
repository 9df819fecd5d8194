"""Every SELECT on protocols and their versions."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, UnknownReference
from services.chassis.web.listing import ItemPage, Listed, ListQuery, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.screening.problems import ProtocolNotFound, ProtocolVersionNotFound
from services.screening.protocols.models import Protocol, ProtocolVersion
from services.screening.protocols.schemas import ProtocolRead, ProtocolVersionRead

PROTOCOLS: FromClause = rows_of(Protocol)
VERSIONS: FromClause = rows_of(ProtocolVersion)
_NEWEST: ColumnElement[Any] = (
    select(func.max(VERSIONS.c.number))
    # Without retired versions, because a new campaign cannot use them.
    .where(
        VERSIONS.c.protocol_code == PROTOCOLS.c.code, VERSIONS.c.retired_at.is_(None)
    )
    .correlate(PROTOCOLS)
    .scalar_subquery()
)


def _wire(
    rows: FromClause,
    read_model: type[BaseModel],
    computed_columns: Mapping[str, ColumnElement[Any]],
) -> dict[str, ColumnElement[Any]]:
    """The columns of a read model; fields without a column of the table come from `computed`."""
    return {
        name: computed_columns[name] if name in computed_columns else rows.c[name]
        for name in read_model.model_fields
    }


_LABEL = func.json_build_object("pl", PROTOCOLS.c.name_pl, "en", PROTOCOLS.c.name_en)
_LISTING = Listing(
    _wire(PROTOCOLS, ProtocolRead, {"label": _LABEL, "newest": _NEWEST}),
    {"code": PROTOCOLS.c.code},
    "code",
    PROTOCOLS.c.code,
)
_SELECTION = {
    "selection": VERSIONS.c.selection["rule"],
    "selection_label": VERSIONS.c.selection["label"],
}
_VERSION_LISTING = Listing(
    _wire(VERSIONS, ProtocolVersionRead, _SELECTION),
    {"number": VERSIONS.c.number},
    "-number",
    VERSIONS.c.id,
)
STORED_VERSION = stored_columns(
    _VERSION_LISTING.wire, VERSIONS.c.id, VERSIONS.c.version
)
# Created once: the compiled statement of a page is cached by its select.
_ALL: Rows = select(PROTOCOLS)


async def list_protocols(
    reading: Reading, terms: ListTerms, query: ListQuery
) -> ItemPage:
    """A page of protocols."""
    return await page_of(reading, terms, query, Listed(_LISTING, _ALL, {}))


async def get_protocol(reading: Reading, code: str) -> Stored:
    """One protocol."""
    # The key of an ETag must be in lower case.
    key = func.lower(PROTOCOLS.c.code)
    columns = stored_columns(_LISTING.wire, key, PROTOCOLS.c.version)
    statement = select(*columns).where(PROTOCOLS.c.code == code)
    return await reading.stored(statement, ProtocolNotFound)


async def lock_last_number(change: Change, code: str) -> int:
    """The number of a protocol's last version, 0 when it has none.

    The protocol is locked until the transaction ends, so that no number is taken twice.
    """
    protocol = select(PROTOCOLS.c.code).where(PROTOCOLS.c.code == code)
    await change.one(protocol.with_for_update(), ProtocolNotFound)
    last = select(func.max(VERSIONS.c.number)).where(VERSIONS.c.protocol_code == code)
    return await change.scalar(last) or 0


async def list_versions(
    reading: Reading, terms: ListTerms, code: str, query: ListQuery
) -> ItemPage:
    """A page of a protocol's versions, the newest first."""
    protocol = select(PROTOCOLS.c.code).where(PROTOCOLS.c.code == code)
    await reading.one(protocol, ProtocolNotFound)
    versions = select(VERSIONS).where(VERSIONS.c.protocol_code == code)
    return await page_of(reading, terms, query, Listed(_VERSION_LISTING, versions))


def _is_version(code: str, number: int) -> ColumnElement[bool]:
    of_protocol: ColumnElement[bool] = VERSIONS.c.protocol_code == code
    return of_protocol & (VERSIONS.c.number == number)


async def get_version(reading: Reading, code: str, number: int) -> Stored:
    """One version of a protocol."""
    statement = select(*STORED_VERSION).where(_is_version(code, number))
    return await reading.stored(statement, ProtocolVersionNotFound)


async def lock_version(change: Change, code: str, number: int) -> ProtocolVersion:
    """A version, locked until the transaction ends."""
    statement = select(VERSIONS).where(_is_version(code, number)).with_for_update()
    return await change.instance(ProtocolVersion, statement, ProtocolVersionNotFound)


async def require_protocol_version(
    change: Change, code: str, number: int
) -> ProtocolVersion:
    """A version that a new campaign may use; UnknownReference when there is none.

    It is locked until the transaction ends, so that it cannot be retired meanwhile.
    """
    statement = select(VERSIONS).where(
        _is_version(code, number), VERSIONS.c.retired_at.is_(None)
    )
    row = await change.find(statement.with_for_update(read=True))
    if row is None:
        raise UnknownReference(FieldError("pointer", "/protocol_version", "not_found"))
    return ProtocolVersion(**row._mapping)
