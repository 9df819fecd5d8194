-- How given results move the subjects of their campaign, as the service does it: two parts of a larger statement.
changes AS (
    SELECT campaign_id, subject_ref, county_terc, min(implementer) AS implementer, min(sex) AS sex,
           min(age_months) AS age_months,
           jsonb_object_agg(concat_ws('/', stage, instrument, screening_id), CASE WHEN direction = 1 THEN
               jsonb_build_object('stage', CAST(stage AS text), 'instrument', instrument, 'outcome', outcome,
                                  'bands', bands, 'sex', sex, 'age_months', age_months, 'implementer', implementer,
                                  'informant', informant)
           END) AS forms
    FROM given GROUP BY campaign_id, subject_ref, county_terc
), moved AS (
    INSERT INTO campaign_subjects AS subject (campaign_id, subject_ref, county_terc, forms, implementer, sex,
                                              age_months, age_band, stage_one, stage_two)
    SELECT changes.campaign_id, changes.subject_ref, changes.county_terc, told.*
    FROM changes JOIN campaigns AS campaign ON campaign.id = changes.campaign_id
    CROSS JOIN LATERAL (
    SELECT forms, coalesce(first->>'implementer', implementer) AS implementer, coalesce(first->>'sex', sex) AS sex,
           age_now, width_bucket(age_now, age_bands) AS age_band, stage_one,
           CASE WHEN stage_two <> 'none' THEN stage_two WHEN is_selected THEN 'not_started' ELSE 'not_selected' END
    FROM (
        SELECT of.*,
        CASE WHEN NOT jsonb_path_exists(forms, '$.* ? (@.stage == "1")') THEN 'none'
             WHEN plan->'1' IS NULL OR NOT jsonb_path_query_array(forms, '$.* ? (@.stage == "1").instrument')
                  @> (plan->'1'->'required') THEN 'incomplete'
             WHEN plan->'1'->'answered_by' <> '[]'
                  AND NOT jsonb_path_query_array(forms, '$.* ? (@.stage == "1")')
                  @> (plan->'1'->'answered_by') THEN 'incomplete'
             WHEN jsonb_path_exists(forms, '$.* ? (@.stage == "1" && @.instrument == $deciding[*]
                 && @.outcome == $strong)', plan->'1') THEN plan->'1'->>'strong'
             WHEN jsonb_path_exists(forms, '$.* ? (@.stage == "1" && @.instrument == $deciding[*]
                 && @.outcome != null)', plan->'1')
                  AND NOT jsonb_path_exists(forms, '$.* ? (@.stage == "1" && @.instrument == $deciding[*]
                 && @.outcome == "undetermined")', plan->'1')
                  THEN plan->'1'->>'weak'
             ELSE 'undetermined' END AS stage_one,
        CASE WHEN NOT jsonb_path_exists(forms, '$.* ? (@.stage == "2")') THEN 'none'
             WHEN plan->'2' IS NULL OR NOT jsonb_path_query_array(forms, '$.* ? (@.stage == "2").instrument')
                  @> (plan->'2'->'required') THEN 'incomplete'
             WHEN plan->'2'->'answered_by' <> '[]'
                  AND NOT jsonb_path_query_array(forms, '$.* ? (@.stage == "2")')
                  @> (plan->'2'->'answered_by') THEN 'incomplete'
             WHEN jsonb_path_exists(forms, '$.* ? (@.stage == "2" && @.instrument == $deciding[*]
                 && @.outcome == $strong)', plan->'2') THEN plan->'2'->>'strong'
             WHEN jsonb_path_exists(forms, '$.* ? (@.stage == "2" && @.instrument == $deciding[*]
                 && @.outcome != null)', plan->'2')
                  AND NOT jsonb_path_exists(forms, '$.* ? (@.stage == "2" && @.instrument == $deciding[*]
                 && @.outcome == "undetermined")', plan->'2')
                  THEN plan->'2'->>'weak'
             ELSE 'undetermined' END AS stage_two, first,
               coalesce(CAST(first->>'age_months' AS integer), age_months) AS age_now
        FROM (SELECT changes.*, plan, age_bands, false AS is_selected) AS of LEFT JOIN LATERAL (
            SELECT form FROM jsonb_each(forms) AS each(name, form) WHERE form <> 'null'
            ORDER BY form->>'stage', CAST(form->>'age_months' AS integer), form->>'instrument' COLLATE "C",
                     name COLLATE "C"
            LIMIT 1
        ) AS found(first) ON true
    ) AS told) AS told
    ORDER BY campaign_id, subject_ref, county_terc
    ON CONFLICT (campaign_id, subject_ref, county_terc) DO UPDATE
    SET (forms, implementer, sex, age_months, age_band, stage_one, stage_two) = (
    SELECT forms, coalesce(first->>'implementer', implementer) AS implementer, coalesce(first->>'sex', sex) AS sex,
           age_now, width_bucket(age_now, age_bands) AS age_band, stage_one,
           CASE WHEN stage_two <> 'none' THEN stage_two WHEN is_selected THEN 'not_started' ELSE 'not_selected' END
    FROM (
        SELECT of.*,
        CASE WHEN NOT jsonb_path_exists(forms, '$.* ? (@.stage == "1")') THEN 'none'
             WHEN plan->'1' IS NULL OR NOT jsonb_path_query_array(forms, '$.* ? (@.stage == "1").instrument')
                  @> (plan->'1'->'required') THEN 'incomplete'
             WHEN plan->'1'->'answered_by' <> '[]'
                  AND NOT jsonb_path_query_array(forms, '$.* ? (@.stage == "1")')
                  @> (plan->'1'->'answered_by') THEN 'incomplete'
             WHEN jsonb_path_exists(forms, '$.* ? (@.stage == "1" && @.instrument == $deciding[*]
                 && @.outcome == $strong)', plan->'1') THEN plan->'1'->>'strong'
             WHEN jsonb_path_exists(forms, '$.* ? (@.stage == "1" && @.instrument == $deciding[*]
                 && @.outcome != null)', plan->'1')
                  AND NOT jsonb_path_exists(forms, '$.* ? (@.stage == "1" && @.instrument == $deciding[*]
                 && @.outcome == "undetermined")', plan->'1')
                  THEN plan->'1'->>'weak'
             ELSE 'undetermined' END AS stage_one,
        CASE WHEN NOT jsonb_path_exists(forms, '$.* ? (@.stage == "2")') THEN 'none'
             WHEN plan->'2' IS NULL OR NOT jsonb_path_query_array(forms, '$.* ? (@.stage == "2").instrument')
                  @> (plan->'2'->'required') THEN 'incomplete'
             WHEN plan->'2'->'answered_by' <> '[]'
                  AND NOT jsonb_path_query_array(forms, '$.* ? (@.stage == "2")')
                  @> (plan->'2'->'answered_by') THEN 'incomplete'
             WHEN jsonb_path_exists(forms, '$.* ? (@.stage == "2" && @.instrument == $deciding[*]
                 && @.outcome == $strong)', plan->'2') THEN plan->'2'->>'strong'
             WHEN jsonb_path_exists(forms, '$.* ? (@.stage == "2" && @.instrument == $deciding[*]
                 && @.outcome != null)', plan->'2')
                  AND NOT jsonb_path_exists(forms, '$.* ? (@.stage == "2" && @.instrument == $deciding[*]
                 && @.outcome == "undetermined")', plan->'2')
                  THEN plan->'2'->>'weak'
             ELSE 'undetermined' END AS stage_two, first,
               coalesce(CAST(first->>'age_months' AS integer), age_months) AS age_now
        FROM (
        SELECT subject.forms || EXCLUDED.forms AS forms, subject.implementer, subject.sex, subject.age_months,
               subject.is_selected, plan, age_bands
        FROM campaigns WHERE id = subject.campaign_id OFFSET 0) AS of LEFT JOIN LATERAL (
            SELECT form FROM jsonb_each(forms) AS each(name, form) WHERE form <> 'null'
            ORDER BY form->>'stage', CAST(form->>'age_months' AS integer), form->>'instrument' COLLATE "C",
                     name COLLATE "C"
            LIMIT 1
        ) AS found(first) ON true
    ) AS told)
    RETURNING old.implementer AS implementer_before, old.age_band AS age_band_before, old.sex AS sex_before,
              old.stage_one AS stage_one_before, old.stage_two AS stage_two_before, new.*
)
