"""How results become the status of a subject and the counts of a campaign, as statements for many at once. Pure.

What a battery comes to is that of `protocols.rules.batteries.outcome_of`; a test compares the two.
"""

HOLD = """
INSERT INTO campaign_subjects (campaign_id, subject_ref, county_terc, implementer, sex, age_months)
SELECT DISTINCT ON (given.campaign_id, given.subject_ref, given.county_terc)
       given.campaign_id, given.subject_ref, given.county_terc, given.implementer, given.sex, given.age_months
FROM jsonb_to_recordset(CAST(:results AS jsonb)) AS given(
    campaign_id uuid, subject_ref uuid, county_terc text, implementer text, sex text, age_months integer)
JOIN campaigns ON campaigns.id = given.campaign_id
ORDER BY given.campaign_id, given.subject_ref, given.county_terc
ON CONFLICT (campaign_id, subject_ref, county_terc) DO UPDATE SET is_selected = campaign_subjects.is_selected
"""
"""Every subject stands there, held until the transaction ends; in one order, so that nobody deadlocks."""

COUNT = """
WITH given AS (
    SELECT * FROM ROWS FROM (jsonb_to_recordset(CAST(:results AS jsonb)) AS (
        campaign_id uuid, subject_ref uuid, county_terc text, stage text, instrument text, screening_id text,
        outcome text, sex text, age_months integer, implementer text, bands jsonb, direction integer,
        is_selected boolean
    )) WITH ORDINALITY AS given(
        campaign_id, subject_ref, county_terc, stage, instrument, screening_id, outcome, sex, age_months,
        implementer, bands, direction, is_selected, place)
), last AS (
    SELECT DISTINCT ON (campaign_id, subject_ref, county_terc, stage, instrument, screening_id) *,
           concat_ws('/', stage, instrument, screening_id) AS name
    FROM given
    ORDER BY campaign_id, subject_ref, county_terc, stage, instrument, screening_id, place DESC
), changes AS (
    SELECT campaign_id, subject_ref, county_terc, bool_or(is_selected) AS is_selected,
           coalesce(array_agg(name) FILTER (WHERE direction = -1), '{}') AS taken_back,
           coalesce(jsonb_object_agg(name, jsonb_build_object(
               'stage', stage, 'instrument', instrument, 'outcome', outcome, 'bands', bands, 'sex', sex,
               'age_months', age_months, 'implementer', implementer
           )) FILTER (WHERE direction = 1), '{}') AS added
    FROM last GROUP BY campaign_id, subject_ref, county_terc
), now AS (
    SELECT subject.campaign_id, subject.subject_ref, subject.county_terc, subject.implementer, subject.age_months,
           subject.age_band, subject.sex, subject.stage_one, subject.stage_two, campaign.plan, campaign.age_bands,
           coalesce(changes.is_selected, subject.is_selected) AS is_selected,
           (subject.forms - changes.taken_back) || changes.added AS forms
    FROM campaign_subjects AS subject
    JOIN changes USING (campaign_id, subject_ref, county_terc)
    JOIN campaigns AS campaign ON campaign.id = subject.campaign_id
), after AS (
    SELECT now.*, one_now, two_done,
           CASE WHEN two_done <> 'none' THEN two_done
                WHEN now.is_selected THEN 'not_started' ELSE 'not_selected' END AS two_now,
           coalesce(facts->>'implementer', implementer) AS implementer_now,
           coalesce(facts->>'sex', sex) AS sex_now,
           coalesce(CAST(facts->>'age_months' AS integer), age_months) AS age_now,
           width_bucket(coalesce(CAST(facts->>'age_months' AS integer), age_months), age_bands) AS band_now
    FROM now
    CROSS JOIN LATERAL (
        SELECT max(status) FILTER (WHERE stage = '1') AS one_now, max(status) FILTER (WHERE stage = '2') AS two_done,
               (array_agg(first ORDER BY stage) FILTER (WHERE first IS NOT NULL))[1] AS facts
        FROM (
            SELECT stage,
                   (array_agg(form ORDER BY CAST(form->>'age_months' AS integer), form->>'instrument' COLLATE "C",
                    name COLLATE "C") FILTER (WHERE form IS NOT NULL))[1] AS first,
                   CASE
                       WHEN count(form) = 0 THEN 'none'
                       WHEN battery IS NULL OR NOT jsonb_agg(form->'instrument') @> (battery->'required')
                           THEN 'incomplete'
                       WHEN bool_or(decides AND form->>'outcome' = battery->>'strong') THEN battery->>'strong'
                       WHEN bool_or(decides) AND NOT bool_or(decides AND form->>'outcome' = 'undetermined')
                           THEN battery->>'weak'
                       ELSE 'undetermined'
                   END AS status
            FROM (VALUES ('1', now.plan->'1'), ('2', now.plan->'2')) AS wanted(stage, battery)
            LEFT JOIN LATERAL (
                SELECT name, form, jsonb_exists(battery->'deciding', form->>'instrument')
                                   AND form->>'outcome' IS NOT NULL AS decides
                FROM jsonb_each(now.forms) AS each(name, form) WHERE form->>'stage' = stage
            ) AS done ON true
            GROUP BY stage, battery
        ) AS stages
    ) AS told
), gone AS (
    DELETE FROM campaign_subjects AS subject USING after
    WHERE subject.campaign_id = after.campaign_id AND subject.subject_ref = after.subject_ref
      AND subject.county_terc = after.county_terc AND one_now = 'none' AND two_now = 'not_selected'
), kept AS (
    UPDATE campaign_subjects AS subject
    SET forms = after.forms, is_selected = after.is_selected, stage_one = one_now, stage_two = two_now,
        implementer = implementer_now, sex = sex_now, age_months = age_now, age_band = band_now
    FROM after
    WHERE subject.campaign_id = after.campaign_id AND subject.subject_ref = after.subject_ref
      AND subject.county_terc = after.county_terc AND NOT (one_now = 'none' AND two_now = 'not_selected')
), moved AS (
    SELECT campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, -1 AS subjects FROM after
    UNION ALL
    SELECT campaign_id, county_terc, implementer_now, band_now, sex_now, one_now, two_now, 1 FROM after
), counted AS (
    INSERT INTO campaign_counts AS counts
        (campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, subjects)
    SELECT campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two, sum(subjects)
    FROM moved WHERE NOT (stage_one = 'none' AND stage_two = 'not_selected')
    GROUP BY campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two
    HAVING sum(subjects) <> 0
    ORDER BY campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two
    ON CONFLICT (campaign_id, county_terc, implementer, age_band, sex, stage_one, stage_two)
    DO UPDATE SET subjects = counts.subjects + EXCLUDED.subjects
)
SELECT count(*) FROM after WHERE two_done <> 'none' AND NOT is_selected
"""
"""The forms of each subject after the changes, what they come to, and by how much each count moves.

Facts of a subject are those of its first form. Answers how many have a form of stage two without being selected.
"""

SELECT = """
INSERT INTO campaign_selections (campaign_id, subject_ref, county_terc, rule, reason, selected_by)
SELECT CAST(:campaign_id AS uuid), given.subject_ref, given.county_terc, CAST(:rule AS jsonb), CAST(:reason AS text),
       CAST(:selected_by AS text)
FROM jsonb_to_recordset(CAST(:subjects AS jsonb)) AS given(subject_ref uuid, county_terc text)
"""
