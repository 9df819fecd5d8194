"""Every change of instruments and of their versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

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
from services.screening.instruments import queries
from services.screening.instruments.models import Instrument, InstrumentVersion
from services.screening.instruments.queries import LockedVersion
from services.screening.instruments.rules.consistency import contradictions
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.item_consistency import Contradiction
from services.screening.instruments.rules.states import VersionState, allowed_verbs
from services.screening.instruments.schemas import InstrumentCreate, VersionRetirement
from services.screening.permissions import Permission


class Origin(NamedTuple):
    """The package that a version was loaded from: its digest, and its publisher if it
    was signed.
    """

    publisher: str | None = None
    package_digest: str | None = None


DRAFTED_HERE = Origin()


class DraftedVersion(NamedTuple):
    """A new version of an instrument, and its number."""

    number: int
    stored: Stored


def refuse_contradictions(wrong: Sequence[Contradiction], at: str) -> None:
    """Raise ValidationFailed with every contradiction; their pointers are below `at`.

    Without contradictions nothing is raised.
    """
    # `refuse` adds the slash between `at` and a place itself.
    refuse(*[(place.removeprefix("/"), code) for place, code in wrong], at=at)


def _consistent_document(definition: Definition, at: str = "") -> dict[str, Any]:
    """The document that is stored; ValidationFailed if the definition contradicts itself."""
    refuse_contradictions(contradictions(definition), at)
    document: dict[str, Any] = definition.model_dump(mode="json", exclude_unset=True)
    return document


async def create_instrument(change: Change, new: InstrumentCreate) -> Stored:
    """Create an instrument with its place in a lineage (`family`, `supersedes`)."""
    demand(change.caller, Permission.EDIT_INSTRUMENTS)
    instrument = await add_instrument(change, new)
    return await queries.get_instrument(change, instrument.code)


async def add_instrument(change: Change, new: InstrumentCreate) -> Instrument:
    """Add an instrument. UnknownReference if the superseded instrument does not exist."""
    if (
        # Checked here, because a violated foreign key could not name the field.
        new.supersedes is not None
        and await queries.find_instrument(change, new.supersedes) is None
    ):
        raise UnknownReference(FieldError("pointer", "/supersedes", "not_found"))
    facts = new.model_dump(mode="json", exclude_none=True)
    statement = insert(Instrument).values(**facts).returning(*queries.INSTRUMENTS.c)
    row = await change.one(statement)
    instrument = Instrument(**row._mapping)
    subject = Subject(f"instruments/{instrument.code}", instrument.version)
    change.record("create_instrument", subject, "instrument.created")
    return instrument


async def draft_instrument_version(
    change: Change, code: str, definition: Definition
) -> DraftedVersion:
    """Draft the next version of an instrument."""
    demand(change.caller, Permission.EDIT_INSTRUMENTS)
    instrument = await queries.lock_instrument(change, code)
    number = await add_version(change, instrument, definition)
    stored_version = await queries.get_instrument_version(change, code, number)
    return DraftedVersion(number, stored_version)


async def add_version(
    change: Change,
    instrument: Instrument,
    definition: Definition,
    origin: Origin = DRAFTED_HERE,
    *,
    at: str = "",
) -> int:
    """Add a draft to an instrument and return its number.

    `at` is the JSON pointer to the definition in the request.

    The instrument must be locked: its versions are numbered one after another.
    """
    document = _consistent_document(definition, at)
    number = await queries.find_last_number(change, instrument.id) + 1
    statement = insert(InstrumentVersion).values(
        instrument_id=instrument.id,
        number=number,
        definition=document,
        **origin._asdict(),
    )
    version = await change.scalar(statement.returning(col(InstrumentVersion.version)))
    change.record(
        "draft_instrument_version",
        Subject(f"instruments/{instrument.code}/versions/{number}", version),
        "instrument-version.drafted",
    )
    return number


async def _lock_version_in(
    change: Change, code: str, number: int, state: VersionState, version: int
) -> LockedVersion:
    """The version to change: unchanged since it was read, and in this state."""
    locked_version = await queries.lock_version(change, code, number)
    # The version is checked first: if the state has changed since the caller read it,
    # the refusal must be a version mismatch and not a state conflict.
    require_version(locked_version.version, version)
    if locked_version.state != state:
        raise StateConflict(
            state=locked_version.state, allowed=allowed_verbs(locked_version.state)
        )
    return locked_version


async def _change(
    change: Change,
    locked_version: LockedVersion,
    action: str,
    event: str,
    values: dict[str, Any],
) -> Stored:
    """Give a locked version these values, and record it."""
    columns = values | {
        "version": InstrumentVersion.version + 1,
        "changed_at": func.now(),
    }
    statement = update(InstrumentVersion).where(
        col(InstrumentVersion.id) == locked_version.id
    )
    await change.execute(statement.values(**columns))
    path = f"instruments/{locked_version.code}/versions/{locked_version.number}"
    change.record(action, Subject(path, locked_version.version + 1), event)
    # Read again: the answer also has columns of the instrument.
    return await queries.get_instrument_version(
        change, locked_version.code, locked_version.number
    )


async def amend_instrument_version(
    change: Change, code: str, number: int, definition: Definition, version: int
) -> Stored:
    """Give a draft another definition."""
    demand(change.caller, Permission.EDIT_INSTRUMENTS)
    locked_version = await _lock_version_in(
        change, code, number, VersionState.DRAFT, version
    )
    values = {"definition": _consistent_document(definition)}
    event = "instrument-version.amended"
    return await _change(
        change, locked_version, "amend_instrument_version", event, values
    )


async def publish_instrument_version(
    change: Change, code: str, number: int, version: int, now: datetime
) -> Stored:
    """Publish a draft for use; from now on it never changes."""
    demand(change.caller, Permission.PUBLISH_INSTRUMENTS)
    locked_version = await _lock_version_in(
        change, code, number, VersionState.DRAFT, version
    )
    values = {
        "state": VersionState.PUBLISHED,
        "published_at": now,
        "published_by": change.caller.subject,
    }
    event = "instrument-version.published"
    return await _change(
        change, locked_version, "publish_instrument_version", event, values
    )


async def retire_instrument_version(
    change: Change,
    code: str,
    number: int,
    end: VersionRetirement,
    version: int,
    now: datetime,
) -> Stored:
    """End the use of a published version. Screenings made with it stay as they are."""
    demand(change.caller, Permission.PUBLISH_INSTRUMENTS)
    locked_version = await _lock_version_in(
        change, code, number, VersionState.PUBLISHED, version
    )
    values = {
        "state": VersionState.RETIRED,
        "retired_at": now,
        "retiring_reason": end.reason,
    }
    event = "instrument-version.retired"
    return await _change(
        change, locked_version, "retire_instrument_version", event, values
    )
