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
    """The package that a version came in: its digest, and its publisher if it was signed."""

    publisher: str | None = None
    package_digest: str | None = None


DRAFTED_HERE = Origin()


class DraftedVersion(NamedTuple):
    """A new version of an instrument, and its number."""

    number: int
    stored: Stored


def refuse_contradictions(wrong: Sequence[Contradiction], at: str) -> None:
    """ValidationFailed that names every contradiction by its place below `at`.

    Without any, nothing.
    """
    # `refuse` sets the slash between `at` and a place itself.
    refuse(*[(place.removeprefix("/"), code) for place, code in wrong], at=at)


def _consistent(definition: Definition, at: str = "") -> dict[str, Any]:
    """A definition as it is stored; ValidationFailed where it contradicts itself."""
    refuse_contradictions(contradictions(definition), at)
    document: dict[str, Any] = definition.model_dump(mode="json", exclude_unset=True)
    return document


async def create_instrument(change: Change, new: InstrumentCreate) -> Stored:
    """Name an instrument and its place in a lineage."""
    demand(change.caller, Permission.EDIT_INSTRUMENTS)
    instrument = await add_instrument(change, new)
    return await queries.get_instrument(change, instrument.code)


async def add_instrument(change: Change, new: InstrumentCreate) -> Instrument:
    """Add an instrument. UnknownReference when what it supersedes does not exist."""
    if (
        # Not left to the foreign key, whose refusal could not name the field.
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
    """Begin the next version of an instrument."""
    demand(change.caller, Permission.EDIT_INSTRUMENTS)
    instrument = await queries.lock_instrument(change, code)
    number = await add_version(change, instrument, definition)
    stored = await queries.get_instrument_version(change, code, number)
    return DraftedVersion(number, stored)


async def add_version(
    change: Change,
    instrument: Instrument,
    definition: Definition,
    origin: Origin = DRAFTED_HERE,
    *,
    at: str = "",
) -> int:
    """Add a draft to an instrument and return its number.

    `at` is where the request holds the definition.

    The instrument must be locked: its versions are numbered one after another.
    """
    document = _consistent(definition, at)
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


async def _locked_in(
    change: Change, code: str, number: int, state: VersionState, version: int
) -> LockedVersion:
    """The version to change: unchanged since it was read, and in this state."""
    locked = await queries.lock_version(change, code, number)
    # First the version: a state that changed since the caller's reading is refused as a
    # change, not as a verb.
    require_version(locked.version, version)
    if locked.state != state:
        raise StateConflict(state=locked.state, allowed=allowed_verbs(locked.state))
    return locked


async def _change(
    change: Change,
    locked: LockedVersion,
    action: str,
    event: str,
    values: dict[str, Any],
) -> Stored:
    """Give a locked version these values, and record it."""
    stamped = values | {
        "version": InstrumentVersion.version + 1,
        "changed_at": func.now(),
    }
    statement = update(InstrumentVersion).where(col(InstrumentVersion.id) == locked.id)
    await change.execute(statement.values(**stamped))
    path = f"instruments/{locked.code}/versions/{locked.number}"
    change.record(action, Subject(path, locked.version + 1), event)
    # Read anew: what is shown of a version has parts of its instrument, too.
    return await queries.get_instrument_version(change, locked.code, locked.number)


async def amend_instrument_version(
    change: Change, code: str, number: int, definition: Definition, version: int
) -> Stored:
    """Give a draft another definition."""
    demand(change.caller, Permission.EDIT_INSTRUMENTS)
    locked = await _locked_in(change, code, number, VersionState.DRAFT, version)
    values = {"definition": _consistent(definition)}
    event = "instrument-version.amended"
    return await _change(change, locked, "amend_instrument_version", event, values)


async def publish_instrument_version(
    change: Change, code: str, number: int, version: int, now: datetime
) -> Stored:
    """Let a draft be used; from now on it never changes."""
    demand(change.caller, Permission.PUBLISH_INSTRUMENTS)
    locked = await _locked_in(change, code, number, VersionState.DRAFT, version)
    values = {
        "state": VersionState.PUBLISHED,
        "published_at": now,
        "published_by": change.caller.subject,
    }
    event = "instrument-version.published"
    return await _change(change, locked, "publish_instrument_version", event, values)


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
    locked = await _locked_in(change, code, number, VersionState.PUBLISHED, version)
    values = {
        "state": VersionState.RETIRED,
        "retired_at": now,
        "retiring_reason": end.reason,
    }
    event = "instrument-version.retired"
    return await _change(change, locked, "retire_instrument_version", event, values)
