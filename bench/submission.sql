-- The limit of a submission: what the service sends to PostgreSQL for one screening that is submitted at once, in its
-- order and one by one, as a transaction. Only texts that pgbench cannot make are made while the row is stored.
\set county random(2401, 2420)
\set girl random(1, 2)
\set by random(1, 2)
\set age random(39, 62)
\set luck random(1, 5)
\set key random(1000000000000000, 9000000000000000)
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT pg_try_advisory_xact_lock(hashtextextended('bench' || chr(10) || CAST(:key AS text), 0)) AS is_free,
    fingerprint, status, headers, body
FROM (VALUES (1)) AS one LEFT JOIN idempotency_keys ON subject = 'bench' AND key = CAST(:key AS text);
WITH held AS (SELECT state, county_terc FROM campaigns WHERE id = CAST(:campaign AS uuid) FOR SHARE)
SELECT version.id AS version_id, version.state AS version_state, norm_set.id AS norm_set_id,
    held.state AS campaign_state, held.county_terc AS campaign_county,
    set_config('app.counties', :counties, true), set_config('app.institution', '', true)
FROM (VALUES (1)) AS one
LEFT JOIN instruments AS instrument ON instrument.code = CAST(:instrument AS text)
LEFT JOIN instrument_versions AS version ON version.instrument_id = instrument.id AND version.number = 1
LEFT JOIN norm_sets AS norm_set ON norm_set.instrument_version_id = version.id AND norm_set.state = 'in_force'
LEFT JOIN held ON true;
WITH created AS (
    INSERT INTO screenings (campaign_id, stage, implementer, subject_ref, birth_month, age_months, sex, county_terc,
        institution_id, instrument_code, instrument_version, form_code, informant, administered_on, state, answers,
        result, outcome, norm_set_id, has_consent, source, external_id, created_by, submitted_by, submitted_at,
        scored_at)
    SELECT campaign_id, stage, (ARRAY['project', 'others'])[CAST(:by AS integer)], gen_random_uuid(), birth_month,
        CAST(:age AS integer), (ARRAY['female', 'male'])[CAST(:girl AS integer)], CAST(:county AS text),
        institution_id, instrument_code, instrument_version, form_code, informant, administered_on, state, answers,
        result, (ARRAY['positive', 'negative', 'negative', 'negative', 'negative'])[CAST(:luck AS integer)],
        norm_set_id, has_consent, source, external_id, created_by, submitted_by,
        CASE WHEN state <> 'draft' THEN now() END, CASE WHEN state = 'scored' THEN now() END
    FROM jsonb_populate_record(CAST(NULL AS screenings), CAST(:facts AS jsonb))
    RETURNING screenings.*, CAST(json_build_object('id', id, 'version', version, 'state', state, 'campaign_id', campaign_id,
        'stage', stage, 'implementer', implementer, 'subject_ref', subject_ref, 'birth_month', birth_month,
        'age_months', age_months, 'sex', sex, 'county_terc', county_terc, 'institution_id', institution_id,
        'instrument_code', instrument_code, 'instrument_version', instrument_version, 'form_code', form_code,
        'informant', informant, 'administered_on', administered_on, 'outcome', outcome, 'norm_set_id', norm_set_id,
        'has_consent', has_consent, 'consent_recorded_by', consent_recorded_by,
        'consent_recorded_at', consent_recorded_at, 'source', source, 'external_id', external_id,
        'submitted_by', submitted_by, 'submitted_at', submitted_at, 'confirmed_by', confirmed_by, 'confirmed_at', confirmed_at,
        'annulled_by', annulled_by, 'annulled_at', annulled_at, 'annulling_reason', annulling_reason,
        'changed_at', changed_at) AS text) AS body
), given AS (
    SELECT campaign_id, subject_ref, county_terc, stage, instrument_code AS instrument, id AS screening_id, outcome,
           sex, age_months, implementer, CAST(:bands AS jsonb) AS bands, informant, 1 AS direction
    FROM created WHERE campaign_id IS NOT NULL AND state <> 'draft'
),
-- moving.sql
, counted AS (
    INSERT INTO campaign_counts AS counts (campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two,
        subjects)
    SELECT campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, sum(subjects)
    FROM (
        SELECT campaign_id, county_terc, implementer_before, age_band_before, sex_before, stage_one_before,
               stage_two_before, -1 FROM moved WHERE implementer_before IS NOT NULL
        UNION ALL SELECT campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, 1 FROM moved
    ) AS steps(campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, subjects)
    WHERE NOT (stage_one = 'none' AND stage_two = 'not_selected')
    GROUP BY campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two
    HAVING sum(subjects) <> 0
    ORDER BY campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two
    ON CONFLICT (campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two)
    DO UPDATE SET subjects = counts.subjects + EXCLUDED.subjects
), moves AS (
    SELECT count(*) FILTER (WHERE stage_two NOT IN ('not_selected', 'not_started') AND NOT is_selected) AS unselected,
           count(*) FILTER (WHERE stage_one = 'none' AND stage_two = 'not_selected') AS emptied
    FROM moved
)
SELECT id, version, state, county_terc, institution_id, campaign_id, subject_ref, body, unselected,
    json_build_array(json_build_object('actor', created_by, 'action', 'create_screening',
        'subject', 'screenings/' || id, 'outcome', 'done', 'county_terc', county_terc, 'institution_id', null,
        'detail', json_build_object('state', state))) AS audit,
    json_build_array(json_build_object('type', 'screening.screening.scored', 'subject', 'screenings/' || id,
        'subject_version', version, 'county_terc', county_terc, 'data', json_build_object(
            'href', '/v1/screening/screenings/' || id, 'subject_ref', subject_ref, 'campaign_id', campaign_id)))
        AS events
FROM created, moves
\gset
WITH audit AS (
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, institution_id, detail, trace_id)
    SELECT actor, action, subject, outcome, county_terc, institution_id, detail, repeat('0', 32)
    FROM jsonb_to_recordset(CAST(:audit AS jsonb)) AS given(
        actor text, action text, subject text, outcome text, county_terc text, institution_id uuid, detail jsonb)
), outbox AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT type, subject, subject_version, county_terc, data, repeat('0', 32)
    FROM jsonb_to_recordset(CAST(:events AS jsonb)) AS given(
        type text, subject text, subject_version integer, county_terc text, data jsonb)
), answer AS (
    INSERT INTO idempotency_keys (subject, key, fingerprint, status, headers, body)
    SELECT 'bench', CAST(:key AS text), sha256(convert_to(CAST(:body AS text), 'UTF8')), 201,
           ARRAY[ARRAY['etag', '"' || CAST(:id AS text) || ':1"'], ARRAY['content-type', 'application/json'],
                 ARRAY['location', '/v1/screening/screenings/' || CAST(:id AS text)]],
           convert_to(CAST(:body AS text), 'UTF8')
)
SELECT 1;
COMMIT;
