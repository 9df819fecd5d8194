-- :number screenings of one campaign, and its subjects, selections and roll-up that follow from them. Of ten screenings
-- one is of stage two, of the subject before it; 22 of 300 are a teacher's, the others a parent's.
SET LOCAL work_mem = '256MB';
INSERT INTO screenings (created_at, campaign_id, stage, implementer, subject_ref, birth_month, age_months, sex,
    county_terc, instrument_code, instrument_version, form_code, informant, administered_on, state, answers, result,
    outcome, has_consent, source, external_id, created_by, submitted_by, submitted_at, scored_at)
SELECT TIMESTAMPTZ '2024-01-08' + n * INTERVAL '1 second', ':campaign', CASE WHEN n % 10 = 0 THEN 2 ELSE 1 END,
       CASE WHEN k::bigint * 7919 % 1009 < 600 THEN 'project' ELSE 'others' END, md5('subject ' || k)::uuid,
       DATE '2020-01-01', 36 + k % 35,
       CASE WHEN k % 97 = 0 THEN 'unknown' WHEN k % 13 < 7 THEN 'female' ELSE 'male' END,
       to_char(2 * (1 + k % 16), 'FM00') || to_char(1 + k / 16 % 24, 'FM00'), ':code', 1, 'F',
       CASE WHEN n::bigint * 11 % 150 < 11 THEN 'teacher' ELSE 'parent' END, DATE '2024-03-15', 'scored',
       jsonb_build_object(:answers),
       jsonb_build_object('form', 'F', 'critical', jsonb_build_array(), 'outcome', outcome, 'suggestion', null,
           'norm_set', null, 'scales', jsonb_build_array(jsonb_build_object('code', 'total', 'raw', n % 31,
               'answered', 10, 'expected', 10, 'is_prorated', false, 'norms', null, 'outcome', outcome,
               'band', CASE outcome WHEN 'positive' THEN 'high' WHEN 'negative' THEN 'low' END))),
       outcome, n % 9 <> 0, 'before', n::text, 'bench', 'bench', now(), now()
FROM (
    SELECT n, CASE WHEN n % 10 = 0 THEN n - 1 ELSE n END AS k,
           CASE WHEN n % 10 IN (3, 9) OR n % 20 = 7 OR n % 30 = 0 THEN 'positive'
                WHEN n % 50 = 5 THEN 'undetermined' ELSE 'negative' END AS outcome
    FROM generate_series(1, :number) n
) AS numbered;
INSERT INTO campaign_selections (campaign_id, subject_ref, county_terc, rule, selected_by)
SELECT campaign_id, subject_ref, county_terc, '{"kind": "outcome_in"}', 'bench'
FROM screenings WHERE stage = 1 AND (external_id::integer % 10 = 9 OR external_id::integer % 20 = 7);
WITH forms AS (
    SELECT subject_ref, county_terc, jsonb_object_agg(stage || '/' || instrument_code || '/' || id, jsonb_build_object(
               'stage', stage::text, 'instrument', instrument_code, 'outcome', outcome, 'sex', sex,
               'age_months', age_months, 'implementer', implementer, 'bands', CASE WHEN outcome = 'undetermined'
               THEN '{}' ELSE jsonb_build_object('total', result #> '{scales,0,band}') END)) AS forms,
           min(implementer) AS implementer, min(sex) AS sex, min(age_months) AS age_months,
           min(outcome) FILTER (WHERE stage = 1) AS one, min(outcome) FILTER (WHERE stage = 2) AS two
    FROM screenings GROUP BY subject_ref, county_terc
)
INSERT INTO campaign_subjects (campaign_id, subject_ref, county_terc, implementer, sex, age_months, age_band, forms,
    is_selected, stage_one, stage_two)
SELECT ':campaign', forms.subject_ref, forms.county_terc, implementer, sex, age_months,
       width_bucket(age_months, ARRAY[:bands]), forms, selection.id IS NOT NULL, one,
       coalesce(two, CASE WHEN selection.id IS NULL THEN 'not_selected' ELSE 'not_started' END)
FROM forms LEFT JOIN campaign_selections AS selection USING (subject_ref, county_terc);
INSERT INTO campaign_counts (campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, subjects)
SELECT campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, count(*) FROM campaign_subjects
GROUP BY campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two;
