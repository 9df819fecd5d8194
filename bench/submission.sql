-- The limit of a submission: what the service sends to PostgreSQL for one screening that is submitted at once, in its
-- order and one by one, as a transaction. Only texts that pgbench cannot make are made while the row is stored.
\set county random(2401, 2420)
\set girl random(1, 2)
\set by random(1, 2)
\set age random(39, 62)
\set luck random(1, 5)
\set key random(1000000000000000, 9000000000000000)
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT pg_try_advisory_xact_lock(hashtextextended('bench' || chr(10) || CAST(:key AS text), 0));
SELECT fingerprint, status, headers, body FROM idempotency_keys WHERE subject = 'bench' AND key = CAST(:key AS text);
SELECT set_config('app.counties', :counties, true), set_config('app.institution', '', true);
SELECT id, version, created_at, changed_at, name_pl, name_en, county_terc, programme_code, protocol_code,
    protocol_version, plan, age_bands, small_cell, state, opened_on, closed_on
FROM campaigns WHERE id = CAST(:campaign AS uuid) FOR SHARE;
SELECT version.id, version.state
FROM instrument_versions AS version JOIN instruments AS instrument ON version.instrument_id = instrument.id
WHERE instrument.code = CAST(:instrument AS text) AND version.number = 1;
SELECT norms.id
FROM norm_sets AS norms
JOIN instrument_versions AS version ON norms.instrument_version_id = version.id
JOIN instruments AS instrument ON version.instrument_id = instrument.id
WHERE instrument.code = CAST(:instrument AS text) AND version.number = 1 AND norms.state = 'in_force';
INSERT INTO screenings (version, campaign_id, stage, implementer, subject_ref, birth_month, age_months, sex,
    county_terc, instrument_code, instrument_version, form_code, informant, administered_on, state, answers, result,
    outcome, norm_set_id, has_consent, created_by, submitted_by, submitted_at, scored_at)
VALUES (1, CAST(:campaign AS uuid), 1, (ARRAY['project', 'others'])[CAST(:by AS integer)], gen_random_uuid(),
    DATE '2020-03-01', CAST(:age AS integer), (ARRAY['female', 'male'])[CAST(:girl AS integer)],
    CAST(:county AS text), CAST(:instrument AS text), 1, 'F', 'parent', DATE '2024-03-15', 'scored',
    CAST(:answers AS jsonb), CAST(:result AS jsonb),
    (ARRAY['positive', 'negative', 'negative', 'negative', 'negative'])[CAST(:luck AS integer)],
    CAST(:norms AS uuid), true, 'bench', 'bench', now(), now())
RETURNING CAST(json_build_object('id', id, 'version', version, 'state', state, 'campaign_id', campaign_id,
        'stage', stage, 'implementer', implementer, 'subject_ref', subject_ref, 'birth_month', birth_month,
        'age_months', age_months, 'sex', sex, 'county_terc', county_terc, 'institution_id', institution_id,
        'instrument_code', instrument_code, 'instrument_version', instrument_version, 'form_code', form_code,
        'informant', informant, 'administered_on', administered_on, 'outcome', outcome, 'norm_set_id', norm_set_id,
        'has_consent', has_consent, 'consent_recorded_by', consent_recorded_by,
        'consent_recorded_at', consent_recorded_at, 'source', source, 'external_id', external_id,
        'submitted_by', submitted_by, 'submitted_at', submitted_at, 'confirmed_by', confirmed_by, 'confirmed_at', confirmed_at,
        'annulled_by', annulled_by, 'annulled_at', annulled_at, 'annulling_reason', annulling_reason,
        'changed_at', changed_at) AS text) AS body,
    id, version, created_at, changed_at, campaign_id, stage, implementer, subject_ref, birth_month, age_months, sex,
    county_terc, institution_id, instrument_code, instrument_version, form_code, informant, administered_on, state,
    answers AS kept_answers, result AS kept_result, outcome, norm_set_id, has_consent, source, external_id, created_by,
    submitted_by, submitted_at, scored_at, confirmed_by, confirmed_at, consent_recorded_by, consent_recorded_at,
    annulled_by, annulled_at, annulling_reason,
    json_build_array(json_build_object('campaign_id', campaign_id, 'stage', stage, 'subject_ref', subject_ref,
        'county_terc', county_terc, 'implementer', implementer, 'sex', sex, 'age_months', age_months,
        'outcome', outcome, 'instrument', instrument_code, 'direction', 1, 'screening_id', id,
        'bands', CAST(:bands AS json))) AS results,
    json_build_array(json_build_object('actor', created_by, 'action', 'create_screening',
        'subject', 'screenings/' || id, 'outcome', 'done', 'county_terc', county_terc, 'institution_id', null,
        'detail', json_build_object('state', state))) AS audit,
    json_build_array(json_build_object('type', 'screening.screening.scored', 'subject', 'screenings/' || id,
        'subject_version', version, 'county_terc', county_terc, 'data', json_build_object(
            'href', '/v1/screening/screenings/' || id, 'subject_ref', subject_ref, 'campaign_id', campaign_id)))
        AS events
\gset
WITH given AS (
    SELECT DISTINCT ON (campaign_id, subject_ref, county_terc, stage, instrument, screening_id) given.*
    FROM ROWS FROM (jsonb_to_recordset(CAST(:results AS jsonb)) AS (
        campaign_id uuid, subject_ref uuid, county_terc text, stage text, instrument text, screening_id text,
        outcome text, sex text, age_months integer, implementer text, bands jsonb, direction integer
    )) WITH ORDINALITY AS given(
        campaign_id, subject_ref, county_terc, stage, instrument, screening_id, outcome, sex, age_months,
        implementer, bands, direction, place)
    ORDER BY campaign_id, subject_ref, county_terc, stage, instrument, screening_id, place DESC
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
)
SELECT count(*) FILTER (WHERE stage_two NOT IN ('not_selected', 'not_started') AND NOT is_selected) AS unselected,
       count(*) FILTER (WHERE stage_one = 'none' AND stage_two = 'not_selected') AS emptied
FROM moved;
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
