"""One screening recorded and counted by one statement. Pure."""

from typing import NamedTuple
from uuid import UUID

from services.screening.campaign_counts.statements import (
    MOVES,
    MOVING,
    STEPS,
    counts_of,
)

_COLUMNS = (
    "campaign_id, stage, implementer, subject_ref, birth_month, age_months, sex, county_terc, institution_id,"
    " instrument_code, instrument_version, form_code, informant, administered_on, state, answers, result, outcome,"
    " norm_set_id, has_consent, source, external_id, created_by, submitted_by"
)


class Recorded(NamedTuple):
    """What is told of a screening that was just recorded."""

    id: UUID
    version: int
    state: str
    county_terc: str
    institution_id: UUID | None
    campaign_id: UUID | None
    subject_ref: UUID
    body: str


def record_statement(body: str) -> str:
    """$1: the columns by name, as JSON; $2: the bands by scale. `body` is the wire form of the row, as an expression.

    Answers what is Recorded, how many subjects have a form of stage two without being selected, and how many are of a
    county where their implementer does not screen. A draft does not count.
    """
    return f"""
    WITH created AS (
        INSERT INTO screenings ({_COLUMNS}, submitted_at, scored_at)
        SELECT {_COLUMNS}, CASE WHEN state <> 'draft' THEN now() END, CASE WHEN state = 'scored' THEN now() END
        FROM jsonb_populate_record(CAST(NULL AS screenings), $1)
        RETURNING screenings.*, {body} AS body
    ), given AS (
        SELECT campaign_id, subject_ref, county_terc, stage, instrument_code AS instrument, id AS screening_id, outcome,
               sex, age_months, implementer, CAST($2 AS jsonb) AS bands, 1 AS direction
        FROM created WHERE campaign_id IS NOT NULL AND state <> 'draft'
    ), {MOVING}, counted AS ({counts_of(STEPS)}), moves AS (SELECT {MOVES} FROM moved)
    SELECT {", ".join(Recorded._fields)}, unselected, misplaced FROM created, moves
    """  # noqa: S608 - put together from our own names of columns
