-- The roll-up of campaign :'campaign', computed from the screenings that stand and from who was selected.
WITH subjects AS (
    SELECT subject_ref, county_terc, (array_agg(implementer ORDER BY stage))[1] AS implementer,
           (array_agg(sex ORDER BY stage))[1] AS sex, (array_agg(age_months ORDER BY stage))[1] AS age_months,
           coalesce(max(outcome) FILTER (WHERE stage = 1), 'none') AS stage_one,
           max(outcome) FILTER (WHERE stage = 2) AS stage_two
    FROM screenings
    WHERE campaign_id = CAST(:'campaign' AS uuid) AND state IN ('submitted', 'scored', 'confirmed')
    GROUP BY subject_ref, county_terc
), selected AS (
    SELECT subject_ref, county_terc FROM campaign_selections
    WHERE campaign_id = CAST(:'campaign' AS uuid) AND withdrawn_at IS NULL
)
SELECT subjects.county_terc, implementer, width_bucket(age_months, age_bands) AS age_band, sex, stage_one,
       coalesce(stage_two, CASE WHEN selected.subject_ref IS NULL THEN 'not_selected' ELSE 'not_started' END)
           AS stage_two,
       CAST(count(*) AS integer) AS subjects
FROM subjects
LEFT JOIN selected USING (subject_ref, county_terc)
JOIN campaigns ON campaigns.id = CAST(:'campaign' AS uuid)
GROUP BY 1, 2, 3, 4, 5, 6
