"""Every question asked of protocols."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, select

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.listing import ListQuery
from services.chassis.pages import Listing
from services.chassis.paging import page
from services.chassis.problems import FieldError, Problem, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.wire import json_object
from services.chassis.work import Reading, Record, Rows
from services.screening.problems import ProtocolNotFound, ProtocolVersionNotFound
from services.screening.protocols.models import Protocol, ProtocolVersion
from services.screening.protocols.schemas import ProtocolRead, ProtocolVersionRead

PROTOCOLS: FromClause = rows_of(Protocol)
VERSIONS: FromClause = rows_of(ProtocolVersion)


def _newest() -> ColumnElement[Any]:
    there: Any = select(func.max(VERSIONS.c.number)).where(
        VERSIONS.c.protocol_code == PROTOCOLS.c.code, VERSIONS.c.retired_at.is_(None)
    )
    newest: ColumnElement[Any] = there.correlate(PROTOCOLS).scalar_subquery()
    return newest


_SHOWN = {
    "label": func.json_build_object(
        "pl", PROTOCOLS.c.name_pl, "en", PROTOCOLS.c.name_en
    ),
    "newest": _newest(),
}
PROTOCOL_WIRE: dict[str, ColumnElement[Any]] = {
    name: _SHOWN[name] if name in _SHOWN else PROTOCOLS.c[name]
    for name in ProtocolRead.model_fields
}
_TOLD = {
    "selection": VERSIONS.c.selection["rule"],
    "selection_label": VERSIONS.c.selection["label"],
}
VERSION_WIRE: dict[str, ColumnElement[Any]] = {
    name: _TOLD[name] if name in _TOLD else VERSIONS.c[name]
    for name in ProtocolVersionRead.model_fields
}
_LISTING = Listing(PROTOCOL_WIRE, {"code": PROTOCOLS.c.code}, "code", PROTOCOLS.c.code)
_VERSION_LISTING = Listing(
    VERSION_WIRE, {"number": VERSIONS.c.number}, "-number", VERSIONS.c.id
)
_ALL: Rows = select(PROTOCOLS)


async def _one(reading: Reading, statement: Rows, missing: type[Problem]) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise missing()
    return found


async def list_protocols(
    reading: Reading, terms: AnswerTerms, query: ListQuery
) -> Answer:
    """A page of protocols."""
    return await page(reading, terms, query, _LISTING, _ALL)


async def get_protocol(reading: Reading, code: str) -> Answer:
    """One protocol. A version may have come since, so its ETag is for changes, not for the cache."""
    statement = select(json_object(PROTOCOL_WIRE), PROTOCOLS.c.version).where(
        PROTOCOLS.c.code == code
    )
    found = await _one(reading, statement, ProtocolNotFound)
    return tagged(found[0], etag(code.lower(), found[1]))


async def lock_protocol(reading: Reading, code: str) -> Record:
    """The record of a protocol, held until the transaction ends, with the number of its last version."""
    await _one(
        reading,
        select(PROTOCOLS.c.code).where(PROTOCOLS.c.code == code).with_for_update(),
        ProtocolNotFound,
    )
    last = select(func.coalesce(func.max(VERSIONS.c.number), 0).label("last")).where(
        VERSIONS.c.protocol_code == code
    )
    return await _one(reading, last, ProtocolNotFound)


async def list_versions(
    reading: Reading, terms: AnswerTerms, code: str, query: ListQuery
) -> Answer:
    """A page of a protocol's versions, the newest first."""
    await _one(
        reading,
        select(PROTOCOLS.c.code).where(PROTOCOLS.c.code == code),
        ProtocolNotFound,
    )
    return await page(
        reading,
        terms,
        query,
        _VERSION_LISTING,
        select(VERSIONS).where(VERSIONS.c.protocol_code == code),
    )


def _version(code: str, number: int) -> Rows:
    wanted: Rows = select(VERSIONS).where(
        VERSIONS.c.protocol_code == code, VERSIONS.c.number == number
    )
    return wanted


async def get_version(
    reading: Reading, terms: AnswerTerms | None, code: str, number: int
) -> Answer:
    """One version of a protocol."""
    statement = _version(code, number).with_only_columns(
        json_object(VERSION_WIRE), VERSIONS.c.id, VERSIONS.c.version
    )
    found = await _one(reading, statement, ProtocolVersionNotFound)
    return tagged(found[0], etag(found[1], found[2]), terms)


async def lock_version(reading: Reading, code: str, number: int) -> Record:
    """The record of a version, held until the transaction ends."""
    return await _one(
        reading, _version(code, number).with_for_update(), ProtocolVersionNotFound
    )


async def require_version(reading: Reading, code: str, number: int) -> Record:
    """A version that a campaign may begin with, held against being retired meanwhile; else UnknownReference."""
    statement = (
        _version(code, number)
        .where(VERSIONS.c.retired_at.is_(None))
        .with_for_update(read=True)
    )
    found = await reading.find(statement)
    if found is None:
        raise UnknownReference(FieldError("pointer", "/protocol_version", "not_found"))
    return found
