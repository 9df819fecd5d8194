"""SQL of recording, the platform's most frequent write: one statement reads, one writes.

SQLAlchemy does not build them: a statement of several parts is less readable in its
language, and a text need not be compiled for every recording.
"""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, literal_column

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import json_object
from services.screening.campaign_counts.statements import (
    MOVES,
    MOVING,
    STEPS,
    counts_of,
)
from services.screening.screenings.models import Screening
from services.screening.screenings.schemas import ScreeningRead

# What recording a screening needs: the version of the instrument ($1 code, $2
# number), its norms in force, and the campaign ($3), locked until the transaction
# ends. Always one row: missing parts are null, so that the refusal can
# name the field.
FIND_RECORDING_BASIS = """
WITH held AS (SELECT state, county_terc FROM campaigns WHERE id = $3 FOR SHARE)
SELECT version.id AS version_id, version.state AS version_state, norm_set.id AS norm_set_id,
       held.state AS campaign_state, held.county_terc AS campaign_county
FROM (VALUES (1)) AS one
LEFT JOIN instruments AS instrument ON instrument.code = $1
LEFT JOIN instrument_versions AS version
  ON version.instrument_id = instrument.id AND version.number = $2
LEFT JOIN norm_sets AS norm_set
  ON norm_set.instrument_version_id = version.id AND norm_set.state = 'in_force'
LEFT JOIN held ON true
"""


class Recorded(NamedTuple):
    """A screening that was just recorded, and how many subjects its campaign must refuse."""

    id: UUID
    version: int
    state: str
    county_terc: str
    institution_id: UUID | None
    campaign_id: UUID | None
    subject_ref: UUID
    body: str
    unselected: int
    misplaced: int


_ROWS = rows_of(Screening)
# The contradictions of a screening to the others of its subject in the caller's
# counties. The others are found by the index on the subject.
_WARNINGS = """(
    SELECT to_json(array_remove(ARRAY[
        CASE WHEN bool_or(other.sex <> screenings.sex
                          AND 'unknown' NOT IN (other.sex, screenings.sex)) THEN 'other_sex' END,
        CASE WHEN bool_or(other.birth_month <> screenings.birth_month) THEN 'other_birth_month' END
    ], NULL))
    FROM screenings AS other
    WHERE other.subject_ref = screenings.subject_ref AND other.id <> screenings.id
      AND other.state <> 'annulled'
)"""
WARNINGS: ColumnElement[Any] = literal_column(_WARNINGS, JSON)
_BODY = json_object(
    {name: _ROWS.c[name] for name in ScreeningRead.model_fields}
    | {"warnings": WARNINGS}
)
_COLUMNS = (
    "campaign_id, stage, implementer, subject_ref, birth_month, age_months, sex, county_terc,"
    " institution_id, instrument_code, instrument_version, form_code, informant, administered_on,"
    " state, answers, result, outcome, norm_set_id, has_consent, source, external_id, created_by,"
    " submitted_by"
)
# Insert a screening ($1: its columns as a JSON object) and count it in its campaign
# ($2: the bands by scale, as JSON); a draft is not counted. Returns a row of Recorded:
# `unselected` is 1 for a form of stage two about a subject who was not selected,
# `misplaced` is 1 when the implementer does not screen in the county.
RECORD = f"""
WITH created AS (
    INSERT INTO screenings ({_COLUMNS}, submitted_at, scored_at)
    SELECT {_COLUMNS}, CASE WHEN state <> 'draft' THEN now() END,
           CASE WHEN state = 'scored' THEN now() END
    FROM jsonb_populate_record(CAST(NULL AS screenings), $1)
    RETURNING screenings.*, {_BODY} AS body
), given AS (
    SELECT campaign_id, subject_ref, county_terc, stage, instrument_code AS instrument,
           id AS screening_id, outcome, sex, age_months, implementer, CAST($2 AS jsonb) AS bands,
           informant, 1 AS direction
    FROM created WHERE campaign_id IS NOT NULL AND state <> 'draft'
), {MOVING}, counted AS ({counts_of(STEPS)}), moves AS (SELECT {MOVES} FROM moved)
SELECT {", ".join(Recorded._fields)} FROM created, moves
"""  # noqa: S608 - put together from our own names of columns
