"""SQL that compares a sample with earlier ones, so that no results disclose few children.

Earlier runs divide the children into parts: the children of a part were in the same
runs. The new sample may neither include nor leave out only few children of a part, and
it may not have only few new children. So no sum and no difference of samples is of few
children. A sample that is almost equal to one with other limits is refused, even if the
two are equal, so that the refusal does not distinguish few children from none. Between
runs with the same limits the records may not change for few children only: a new
criterion, a second screening, a score that was replaced.
(docs/decisions/0014-what-is-told-of-few.md)

SQLAlchemy does not build them: each is one statement over arrays of children, unnested
and compared set by set.
"""

from sqlalchemy import ARRAY, BigInteger, Uuid, bindparam, text

# The study to run, the number below which children are few for it, and all runs over
# the same version of the instrument; `is_same`: whether a run had the same limits.
_RUNS = """
WITH asked AS (
    SELECT studies.*, greatest(:few, small_cell) AS few
    FROM studies LEFT JOIN campaigns ON campaigns.id = campaign_id WHERE studies.id = :study_id
), runs AS (
    SELECT row_number() OVER () AS run, study_runs.subjects, study_runs.digests,
           (study.campaign_id, study.counties, study.sex, study.age_from, study.age_to,
            study.form_code, study.administered_from, study.administered_to)
           IS NOT DISTINCT FROM
           (asked.campaign_id, asked.counties, asked.sex, asked.age_from, asked.age_to,
            asked.form_code, asked.administered_from, asked.administered_to) AS is_same
    FROM study_runs JOIN studies AS study ON study.id = study_runs.study_id
    JOIN asked USING (instrument_code, instrument_version)
)
"""
_CHILDREN = bindparam("children", type_=ARRAY(Uuid))
_DIGESTS = bindparam("digests", type_=ARRAY(BigInteger))
# Whether results of `:children` and of earlier runs together would disclose few
# children: fewer than `:few`, or than the campaign's smallest cell. `inside` and
# `outside` count the children of a part in the new sample and outside of it.
IS_TOO_CLOSE = text(f"""
{_RUNS}, members AS (
    SELECT run, unnest(subjects) AS child FROM runs
    UNION ALL SELECT 0, unnest(CAST(:children AS uuid[]))
), children AS (
    SELECT child, bool_or(run = 0) AS is_in,
           array_agg(run ORDER BY run) FILTER (WHERE run > 0) AS runs
    FROM members GROUP BY child
), parts AS (
    SELECT runs, count(*) FILTER (WHERE is_in) AS inside,
           count(*) FILTER (WHERE NOT is_in) AS outside
    FROM children GROUP BY runs
)
SELECT EXISTS (
    SELECT FROM parts, asked
    WHERE (inside BETWEEN 1 AND few - 1 AND (outside > 0 OR runs IS NULL))
       OR (outside BETWEEN 1 AND few - 1 AND inside > 0)
) OR EXISTS (
    SELECT FROM runs, asked
    WHERE NOT is_same AND cardinality(subjects) > 0
      AND (SELECT coalesce(sum(inside), 0) FROM parts
           WHERE runs.run <> ALL (coalesce(parts.runs, '{{}}'))) < few
      AND (SELECT coalesce(sum(outside), 0) FROM parts WHERE runs.run = ANY (parts.runs)) < few
)
""").bindparams(_CHILDREN)  # noqa: S608 - put together from our own text
# Whether the records of only few of `:children` have changed since a run with the same
# limits; `:digests` has a digest of all records that the study reads of each child.
HAS_CHANGED_BY_FEW = text(f"""
{_RUNS}
SELECT EXISTS (
    SELECT FROM asked, runs
    CROSS JOIN LATERAL unnest(subjects, digests) AS earlier(child, digest)
    JOIN unnest(CAST(:children AS uuid[]), CAST(:digests AS bigint[])) AS now(child, digest)
         USING (child)
    WHERE is_same
    GROUP BY run, few
    HAVING count(*) FILTER (WHERE earlier.digest <> now.digest) BETWEEN 1 AND few - 1
)
""").bindparams(_CHILDREN, _DIGESTS)  # noqa: S608
# Let runs over one instrument end one after another: of two samples that are too close
# to each other the second to end is refused. Advisory locks exist in PostgreSQL only.
ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('studies of ' || :instrument, 0))"
)
