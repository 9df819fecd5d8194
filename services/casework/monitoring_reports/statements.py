"""SQL of a report's figures: county $1, days from $2 to $3.

Written by hand, because each is one statement over a county's records with many
aggregates. Every row is a cell: table, category, records, children, and measures as
JSON of texts. Days are those of the civil calendar.
"""

_WORKED_ON = """
WITH worked AS (
  SELECT cases.id, cases.person_id, cases.track, past.state IS NULL AS is_opened,
         reached.state AS state, reached.state IN ('closed', 'withdrawn', 'transferred') AS is_ended
  FROM cases
  CROSS JOIN LATERAL (
    SELECT state, CAST(at AT TIME ZONE 'Europe/Warsaw' AS date) AS day FROM case_steps
    WHERE case_id = cases.id AND CAST(at AT TIME ZONE 'Europe/Warsaw' AS date) <= CAST($3 AS date)
    ORDER BY number DESC LIMIT 1
  ) AS reached
  LEFT JOIN LATERAL (
    SELECT state FROM case_steps
    WHERE case_id = cases.id AND CAST(at AT TIME ZONE 'Europe/Warsaw' AS date) < CAST($2 AS date)
    ORDER BY number DESC LIMIT 1
  ) AS past ON true
  WHERE cases.county_terc = $1
    AND (past.state IS NULL OR past.state NOT IN ('closed', 'withdrawn', 'transferred')
         OR reached.day >= CAST($2 AS date))
)
"""
"""The cases that were open on any day of the period, with the state that each had at
its end.
"""

# By the history of states, so that a report of a past period shows
# the states of that time.
CASES = f"""{_WORKED_ON}, placed AS (
  SELECT worked.*, CASE
    WHEN EXISTS (SELECT 1 FROM plans WHERE case_id = worked.id AND plans.state = 'active') THEN 'active'
    WHEN EXISTS (SELECT 1 FROM plans WHERE case_id = worked.id AND plans.state IN ('draft', 'proposed', 'approved'))
    THEN 'in_preparation' ELSE 'none' END AS plan
  FROM worked
)
SELECT cell.name, cell.category, count(*), count(DISTINCT person_id), '{{}}' AS measures
FROM placed CROSS JOIN LATERAL (VALUES
  ('cases', 'all'),
  ('cases_opened', CASE WHEN is_opened THEN 'in_period' ELSE 'before' END),
  ('cases_ended', CASE WHEN is_ended THEN 'ended' ELSE 'open' END),
  (CASE WHEN is_ended THEN 'ended_by_state' ELSE 'open_by_state' END, state),
  ('cases_by_track', track),
  ('cases_by_plan', plan)
) AS cell (name, category)
GROUP BY cell.name, cell.category
"""  # noqa: S608

# What a family has to hand in, apply for and attend (source 000:
# this load is to be reduced).
LOAD = f"""{_WORKED_ON}, loads AS (
  SELECT person_id,
    (SELECT count(*) FROM documents
     WHERE documents.person_id = worked.person_id AND issued_on BETWEEN $2 AND $3) AS documents,
    (SELECT count(*) FROM referrals
     WHERE case_id = worked.id AND sent_on BETWEEN $2 AND $3) AS referrals,
    (SELECT count(*) FROM support_events
     WHERE case_id = worked.id AND occurred_on BETWEEN $2 AND $3 AND annulled_by IS NULL) AS visits
  FROM worked
)
SELECT 'load', 'all', count(*), count(DISTINCT person_id), CAST(json_build_object(
  'documents_per_case', CAST(round(avg(documents), 2) AS text),
  'referrals_per_case', CAST(round(avg(referrals), 2) AS text),
  'visits_per_case', CAST(round(avg(visits), 2) AS text)) AS text)
FROM loads
"""  # noqa: S608

# Quartiles, because a few families who wait very long would distort a mean.
FIRST_SUPPORT = """
SELECT 'first_support', 'all', count(*), count(DISTINCT person_id), CAST(json_build_object(
  'lower_quartile_days', CAST(round(CAST(quartiles[1] AS numeric), 2) AS text),
  'median_days', CAST(round(CAST(quartiles[2] AS numeric), 2) AS text),
  'upper_quartile_days', CAST(round(CAST(quartiles[3] AS numeric), 2) AS text)) AS text)
FROM cases, LATERAL (
  SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY first_support_on - first_contact_on)
    AS quartiles
  FROM cases WHERE county_terc = $1 AND first_support_on BETWEEN $2 AND $3
) AS waits
WHERE county_terc = $1 AND first_support_on BETWEEN $2 AND $3
GROUP BY quartiles
"""

# Only versions that are carried out: a newer version repeats the open items
# of the one before.
RECOMMENDATIONS = """
WITH realised AS (
  SELECT one.person_id, one.reason, coalesce(one.effect, 'not_told') AS effect, CASE
    WHEN CAST(one.ended_at AT TIME ZONE 'Europe/Warsaw' AS date) <= CAST($3 AS date) THEN one.state
    WHEN one.due_on < least(CAST($3 AS date) + 1, CAST($4 AS date)) THEN 'overdue'
    ELSE 'open' END AS status
  FROM plan_recommendations AS one JOIN plans ON plans.id = one.plan_id
  WHERE one.county_terc = $1 AND plans.state IN ('active', 'completed')
    AND CAST(plans.activated_at AT TIME ZONE 'Europe/Warsaw' AS date) <= CAST($3 AS date)
    AND (one.ended_at IS NULL OR CAST(one.ended_at AT TIME ZONE 'Europe/Warsaw' AS date) >= CAST($2 AS date))
)
SELECT cell.name, cell.category, count(*), count(DISTINCT person_id), '{}'
FROM realised CROSS JOIN LATERAL (VALUES
  ('recommendations', 'all'),
  ('recommendations_by_status', status),
  ('not_done_by_reason', CASE WHEN status = 'not_done' THEN reason END),
  ('done_by_effect', CASE WHEN status = 'done' THEN effect END)
) AS cell (name, category)
WHERE cell.category IS NOT NULL
GROUP BY cell.name, cell.category
"""

PLANS = """
SELECT 'plans_activated', 'all', count(*), count(DISTINCT person_id), '{}'
FROM plans
WHERE county_terc = $1 AND CAST(activated_at AT TIME ZONE 'Europe/Warsaw' AS date) BETWEEN $2 AND $3
"""

# One score shows no change: only cases with two reviews,
# the last of them in the period.
REVIEWS = """
WITH scored AS (
  SELECT case_id, min(CAST(person_id AS text)) AS person_id,
         (array_agg(t_score ORDER BY held_on, created_at, id))[1] AS first_score,
         (array_agg(t_score ORDER BY held_on DESC, created_at DESC, id DESC))[1] AS last_score
  FROM plan_reviews
  WHERE county_terc = $1 AND held_on <= $3
  GROUP BY case_id HAVING count(*) > 1 AND max(held_on) >= $2
)
SELECT 'cases_reviewed', 'all', count(*), count(DISTINCT person_id), CAST(json_build_object(
  'mean_first_t_score', CAST(round(avg(first_score), 2) AS text),
  'mean_last_t_score', CAST(round(avg(last_score), 2) AS text)) AS text)
FROM scored
"""

DOCUMENTS = """
SELECT 'documents', 'all', count(*), count(DISTINCT person_id), '{}'
FROM documents
WHERE county_terc = $1 AND issued_on BETWEEN $2 AND $3
"""

# Total and parts in one statement: taken at two moments they might not add up.
REFERRALS = """
SELECT CASE WHEN grouping(state) = 1 THEN 'referrals' ELSE 'referrals_by_outcome' END, coalesce(state, 'all'),
  count(*), count(DISTINCT coalesce(person_id, subject_ref)),
  CASE WHEN grouping(state) = 1 THEN '{}' ELSE CAST(json_build_object('median_days', CAST(round(CAST(
    percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(closed_at AT TIME ZONE 'Europe/Warsaw' AS date) - sent_on)
    AS numeric), 2) AS text)) AS text) END
FROM referrals
WHERE county_terc = $1 AND sent_on BETWEEN $2 AND $3
GROUP BY GROUPING SETS ((state), ())
"""

SUPPORT = """
SELECT CASE WHEN grouping(kind) = 1 THEN 'support_events' ELSE 'support_by_kind' END, coalesce(kind, 'all'),
  count(*), count(DISTINCT person_id), CAST(json_build_object('minutes', CAST(sum(minutes) AS text)) AS text)
FROM support_events
WHERE county_terc = $1 AND occurred_on BETWEEN $2 AND $3 AND annulled_by IS NULL
GROUP BY GROUPING SETS ((kind), ())
"""

OF_PERIOD = (
    CASES,
    LOAD,
    FIRST_SUPPORT,
    PLANS,
    REVIEWS,
    DOCUMENTS,
    REFERRALS,
    SUPPORT,
)
"""The statements that need only the county and the period; RECOMMENDATIONS also needs
today as $4.
"""

# Wait until no other transaction drafts a report of county $1. Written by hand, because
# SQLAlchemy has no advisory locks.
ONE_COUNTY_AT_A_TIME = """
SELECT pg_advisory_xact_lock(hashtextextended('monitoring ' || CAST($1 AS text), 0))
"""
