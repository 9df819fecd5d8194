"""SQL of counting: how results become the status of each subject and the roll-up of a campaign.

SQLAlchemy does not build it. Counting is part of the most frequent write: one statement
of several parts, which screenings and their imports reuse in their own statements. All
parts work on many subjects at once.

The outcome of a battery follows the rule of `protocols.rules.batteries.outcome_of`; a
test compares the two over random stories. `bench/moving.sql` is a copy of MOVING; a
test keeps the two equal.
"""

from services.screening.campaign_counts.rules import CELL_BASES

# The results to count, $1 as JSON. When one form comes several times, the
# last one counts.
_GIVEN = """
given AS (
    SELECT DISTINCT ON (campaign_id, subject_ref, county_terc, stage, instrument, screening_id)
           given.*
    FROM ROWS FROM (jsonb_to_recordset(CAST($1 AS jsonb)) AS (
        campaign_id uuid, subject_ref uuid, county_terc text, stage text, instrument text,
        screening_id text, outcome text, sex text, age_months integer, implementer text,
        bands jsonb, informant text, direction integer
    )) WITH ORDINALITY AS given(
        campaign_id, subject_ref, county_terc, stage, instrument, screening_id, outcome, sex,
        age_months, implementer, bands, informant, direction, place)
    ORDER BY campaign_id, subject_ref, county_terc, stage, instrument, screening_id, place DESC
)
"""


def _forms(stage: int, condition: str = "", member: str = "") -> str:
    """A JSON path to the forms of a stage, under a condition, or to a member of each."""
    return f"'$.* ? (@.stage == \"{stage}\"{condition}){member}'"


def _status(stage: int) -> str:
    """The outcome of a stage by the campaign's plan: an expression over `forms` and `plan`."""
    battery = f"plan->'{stage}'"
    deciding_form = " && @.instrument == $deciding[*] && @.outcome "
    strong, any_outcome, undetermined = (
        f"{_forms(stage, deciding_form + outcome)}, {battery}"
        for outcome in ("== $strong", "!= null", '== "undetermined"')
    )
    instruments = _forms(stage, member=".instrument")
    # An older plan has no `answered_by`: then no particular informant has to answer.
    return f"""
        CASE WHEN NOT jsonb_path_exists(forms, {_forms(stage)}) THEN 'none'
             WHEN {battery} IS NULL OR NOT jsonb_path_query_array(forms, {instruments})
                  @> ({battery}->'required') THEN 'incomplete'
             WHEN {battery}->'answered_by' <> '[]'
                  AND NOT jsonb_path_query_array(forms, {_forms(stage)})
                  @> ({battery}->'answered_by') THEN 'incomplete'
             WHEN jsonb_path_exists(forms, {strong}) THEN {battery}->>'strong'
             WHEN jsonb_path_exists(forms, {any_outcome})
                  AND NOT jsonb_path_exists(forms, {undetermined})
                  THEN {battery}->>'weak'
             ELSE 'undetermined' END"""


def _status_of_subject(source: str) -> str:
    """The counted categories of one subject, from its forms and the campaign.

    Sex, age and implementer are those of the subject's first form: a later form does
    not move the subject to another age or implementer.
    """
    # COLLATE "C": the choice of a child's first form must not depend on the language of
    # the server.
    return f"""
    SELECT forms, coalesce(first->>'implementer', implementer) AS implementer,
           coalesce(first->>'sex', sex) AS sex,
           age_now, width_bucket(age_now, age_bands) AS age_band, stage_one,
           CASE WHEN stage_two <> 'none' THEN stage_two WHEN is_selected THEN 'not_started'
                ELSE 'not_selected' END
    FROM (
        SELECT of.*, {_status(1)} AS stage_one, {_status(2)} AS stage_two, first,
               coalesce(CAST(first->>'age_months' AS integer), age_months) AS age_now
        FROM {source} LEFT JOIN LATERAL (
            SELECT form FROM jsonb_each(forms) AS each(name, form) WHERE form <> 'null'
            ORDER BY form->>'stage', CAST(form->>'age_months' AS integer),
                     form->>'instrument' COLLATE "C", name COLLATE "C"
            LIMIT 1
        ) AS found(first) ON true
    ) AS told"""  # noqa: S608 - put together from our own names of columns


_MOVED = """old.implementer AS implementer_before, old.age_band AS age_band_before,
              old.sex AS sex_before, old.stage_one AS stage_one_before,
              old.stage_two AS stage_two_before, new.*"""
# The key of a cell of the roll-up.
CELL = "campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two"
# The steps of the roll-up, from `moved`: -1 for the cell that a subject leaves, 1 for
# its new one.
STEPS = f"""
    SELECT campaign_id, county_terc, implementer_before, age_band_before, sex_before,
           stage_one_before, stage_two_before, -1 FROM moved WHERE implementer_before IS NOT NULL
    UNION ALL SELECT {CELL}, 1 FROM moved
"""  # noqa: S608


def counts_of(steps: str) -> str:
    """The statement that moves every cell of the roll-up by the sum of its steps.

    Each cell is written once and all in one order: two transactions that count at once
    wait for each other and never deadlock.
    """
    # A child without any result or selection leaves its cell and enters none: `FORGET`
    # deletes its row. Steps that cancel each other (a form scored again to the same
    # outcome) are dropped, so that they lock no cell.
    return f"""
    INSERT INTO campaign_counts AS counts ({CELL}, subjects)
    SELECT {CELL}, sum(subjects) FROM ({steps}) AS steps({CELL}, subjects)
    WHERE NOT (stage_one = 'none' AND stage_two = 'not_selected')
    GROUP BY {CELL} HAVING sum(subjects) <> 0
    ORDER BY {CELL}
    ON CONFLICT ({CELL}) DO UPDATE SET subjects = counts.subjects + EXCLUDED.subjects
    """  # noqa: S608


_NEW_SUBJECT = _status_of_subject(
    "(SELECT changes.*, plan, age_bands, false AS is_selected) AS of"
)
_KNOWN_SUBJECT = _status_of_subject(
    """(
        SELECT subject.forms || EXCLUDED.forms AS forms, subject.implementer, subject.sex,
               subject.age_months, subject.is_selected, plan, age_bands
        FROM campaigns WHERE id = subject.campaign_id OFFSET 0) AS of"""
)
# From `given` on: the forms of each subject after the changes, their status, and the
# subject's cell before and after. An annulled form is null. The insertion itself locks
# every subject's row and reads its newest state; the fixed order of the
# rows prevents deadlocks.
MOVING = f"""
changes AS (
    SELECT campaign_id, subject_ref, county_terc, min(implementer) AS implementer, min(sex) AS sex,
           min(age_months) AS age_months,
           jsonb_object_agg(concat_ws('/', stage, instrument, screening_id),
               CASE WHEN direction = 1 THEN
               jsonb_build_object('stage', CAST(stage AS text), 'instrument', instrument,
                                  'outcome', outcome, 'bands', bands, 'sex', sex,
                                  'age_months', age_months, 'implementer', implementer,
                                  'informant', informant)
           END) AS forms
    FROM given GROUP BY campaign_id, subject_ref, county_terc
), moved AS (
    INSERT INTO campaign_subjects AS subject (campaign_id, subject_ref, county_terc, forms,
        implementer, sex, age_months, age_band, stage_one, stage_two)
    SELECT changes.campaign_id, changes.subject_ref, changes.county_terc, told.*
    FROM changes JOIN campaigns AS campaign ON campaign.id = changes.campaign_id
    CROSS JOIN LATERAL ({_NEW_SUBJECT}) AS told
    ORDER BY campaign_id, subject_ref, county_terc
    ON CONFLICT (campaign_id, subject_ref, county_terc) DO UPDATE
    SET (forms, implementer, sex, age_months, age_band, stage_one, stage_two) =
        ({_KNOWN_SUBJECT})
    RETURNING {_MOVED}
)
"""  # noqa: S608
# Of the moved subjects: how many have a form of stage two without a selection, how many
# have neither a result nor a selection left, how many are in a county where their
# implementer does not screen.
MOVES = """
count(*) FILTER (WHERE stage_two NOT IN ('not_selected', 'not_started') AND NOT is_selected)
    AS unselected,
count(*) FILTER (WHERE stage_one = 'none' AND stage_two = 'not_selected') AS emptied,
count(*) FILTER (WHERE EXISTS (
    SELECT FROM campaign_implementers AS named
    WHERE named.campaign_id = moved.campaign_id AND named.code = moved.implementer
      AND named.counties <> '{}' AND NOT moved.county_terc = ANY (named.counties)
)) AS misplaced
"""
# Move the subjects of the results $1, and change the roll-up; returns the MOVES.
COUNT = f"""
WITH {_GIVEN}, {MOVING}, counted AS ({counts_of(STEPS)}) SELECT {MOVES} FROM moved
"""  # noqa: S608
# Delete the subjects of the results $1 that have no result and no selection left (GDPR,
# art. 5(1)(e)).
FORGET = f"""
WITH {_GIVEN} DELETE FROM campaign_subjects AS subject USING given
WHERE subject.campaign_id = given.campaign_id AND subject.subject_ref = given.subject_ref
  AND subject.county_terc = given.county_terc
  AND stage_one = 'none' AND stage_two = 'not_selected'
"""  # noqa: S608
# Mark the subjects $2 (JSON) of the campaign $1 as selected or not ($3), and change the
# roll-up; returns the MOVES. The caller holds the locks of the subjects.
MARK = f"""
WITH given AS (
    SELECT * FROM jsonb_to_recordset(CAST($2 AS jsonb))
        AS given(subject_ref uuid, county_terc text)
), moved AS (
    UPDATE campaign_subjects AS subject
    SET is_selected = CAST($3 AS boolean),
        stage_two = CASE WHEN stage_two NOT IN ('not_selected', 'not_started') THEN stage_two
                         WHEN CAST($3 AS boolean) THEN 'not_started' ELSE 'not_selected' END
    FROM given
    WHERE subject.campaign_id = CAST($1 AS uuid) AND subject.subject_ref = given.subject_ref
      AND subject.county_terc = given.county_terc
    RETURNING {_MOVED}
), counted AS ({counts_of(STEPS)})
SELECT {MOVES} FROM moved
"""  # noqa: S608

# The roll-up of a campaign ($1), of all counties or only of $2: the cell of each row as
# one number of eight bytes, whose digits are the places of its categories (of a word:
# its place in $3 to $6), and its subjects in four bytes. All in one row of bytes,
# because a campaign has thousands of rows, and decoding each of them costs the driver
# and the service more than the query costs PostgreSQL.
READ_ROLL_UP = f"""
SELECT string_agg(int8send(
           ((((CAST(county_terc AS bigint) * {CELL_BASES.implementer}
               + array_position(CAST($3 AS text[]), implementer) - 1) * {CELL_BASES.age_band}
              + age_band) * {CELL_BASES.sex}
             + array_position(CAST($4 AS text[]), sex) - 1) * {CELL_BASES.stage_one}
            + array_position(CAST($5 AS text[]), stage_one) - 1) * {CELL_BASES.stage_two}
           + array_position(CAST($6 AS text[]), stage_two) - 1), ''),
       string_agg(int4send(subjects), '')
FROM campaign_counts
WHERE campaign_id = $1 AND subjects > 0
  AND (CAST($2 AS text[]) IS NULL OR county_terc = ANY (CAST($2 AS text[])))
"""  # noqa: S608 - the bases are whole numbers of our own
