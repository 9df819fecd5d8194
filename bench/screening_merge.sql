-- The limit of an import: COPY of scored rows into a staging table, then the statements of the service: one merge that
-- writes screenings, events and audit and moves the campaign's subjects, and the count of all that moved.
\set ON_ERROR_STOP on
\pset tuples_only on
BEGIN;
SELECT set_config('app.counties', '*', true);
CREATE TEMP TABLE staging (
    external_id text, subject_ref uuid, birth_month date, age_months integer, sex text, county_terc text,
    institution_id uuid, implementer text, form_code text, informant text, administered_on date, has_consent boolean,
    state text, answers jsonb, result jsonb, outcome text, bands jsonb
) ON COMMIT DROP;
CREATE TEMP TABLE steps ON COMMIT DROP AS
SELECT campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, subjects FROM campaign_counts LIMIT 0;
\copy staging FROM 'rows.csv' WITH (FORMAT csv)
ANALYZE staging;
WITH created AS (
    INSERT INTO screenings (subject_ref, birth_month, age_months, sex, county_terc, institution_id, implementer,
        form_code, informant, administered_on, answers, has_consent, state, result, outcome, external_id, source,
        campaign_id, stage, instrument_code, instrument_version, norm_set_id, created_by, submitted_by, submitted_at,
        scored_at)
    SELECT subject_ref, birth_month, age_months, sex, county_terc, institution_id, implementer, form_code, informant,
        administered_on, answers, has_consent, state, result, outcome, external_id, 'bench', :'campaign', 1,
        :'instrument', 1, null, 'bench', 'bench', now(), now()
    FROM staging
    ON CONFLICT DO NOTHING
    RETURNING id, version, subject_ref, county_terc, institution_id, state, external_id
), told AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'screening.screening.' || state, 'screenings/' || id, version, county_terc,
           jsonb_strip_nulls(jsonb_build_object('href', '/v1/screening/screenings/' || id, 'subject_ref', subject_ref,
               'institution_id', institution_id, 'campaign_id', :'campaign', 'job', repeat('0', 36))),
           repeat('0', 32)
    FROM created
), noted AS (
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, institution_id, detail, trace_id)
    SELECT 'bench', 'import_screenings', 'screenings/' || id, 'created', county_terc, institution_id,
           jsonb_build_object('job', repeat('0', 36)), repeat('0', 32)
    FROM created
), given AS (
    SELECT CAST(:'campaign' AS uuid) AS campaign_id, created.subject_ref, created.county_terc, 1 AS stage,
           :'instrument' AS instrument, created.id AS screening_id, outcome, sex, age_months, implementer, bands,
           informant, 1 AS direction
    FROM created JOIN staging USING (external_id)
),
-- moving.sql
, stepped AS (
    INSERT INTO steps
    SELECT campaign_id, county_terc, implementer_before, age_band_before, sex_before, stage_one_before,
           stage_two_before, -1 FROM moved WHERE implementer_before IS NOT NULL
    UNION ALL SELECT campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, 1 FROM moved
)
SELECT count(*) FROM moved;
INSERT INTO campaign_counts AS counts (campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two,
    subjects)
SELECT campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, sum(subjects)
FROM (TABLE steps) AS steps(campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, subjects)
WHERE NOT (stage_one = 'none' AND stage_two = 'not_selected')
GROUP BY campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two
HAVING sum(subjects) <> 0
ORDER BY campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two
ON CONFLICT (campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two)
DO UPDATE SET subjects = counts.subjects + EXCLUDED.subjects;
COMMIT;
