"""SQL of the people who are due."""

# Written by hand: four steps that build on each other, each with a name.
DUE = """
WITH kept AS (
    SELECT * FROM people
    WHERE county_terc = $1 AND erased_at IS NULL AND merged_into IS NULL
          AND ($3::uuid IS NULL OR id = $3::uuid)
), kinds AS (
    SELECT kept.id, cases.track AS kind, max(cases.closed_on) AS closed_on
    FROM kept JOIN cases ON cases.person_id = kept.id
    GROUP BY kept.id, cases.track HAVING bool_and(cases.closed_on IS NOT NULL)
    UNION ALL
    SELECT id, 'without_case', NULL FROM kept
    WHERE NOT EXISTS (SELECT FROM cases WHERE person_id = kept.id)
), judged AS (
    SELECT kinds.id, bool_or(rules.action = 'archive') AS is_archived,
           bool_and(coalesce(CASE rules.starts_with
               WHEN 'case_closed' THEN kinds.closed_on
               WHEN 'of_age' THEN kept.birth_month + make_interval(years => $4, months => 1)
               ELSE kept.created_at AT TIME ZONE 'Europe/Warsaw'
           END::date + make_interval(years => rules.years) < $2::date, false)) AS is_due
    FROM kinds JOIN kept USING (id) LEFT JOIN retention_rules AS rules
         ON rules.county_terc = $1 AND rules.record_kind = kinds.kind
            AND rules.valid_from <= $2::date AND (rules.valid_to IS NULL OR rules.valid_to >= $2::date)
    GROUP BY kinds.id
)
SELECT judged.id, CASE
    WHEN EXISTS (SELECT FROM legal_holds WHERE person_id = judged.id AND released_at IS NULL) THEN 'on_hold'
    WHEN kept.restricted_at IS NOT NULL THEN 'restricted'
    WHEN EXISTS (SELECT FROM guardianships JOIN people AS child ON child.id = child_id
                 WHERE guardian_id = judged.id AND child.erased_at IS NULL)
         OR EXISTS (SELECT FROM people AS child WHERE child.mother_id = judged.id AND child.erased_at IS NULL)
        THEN 'of_a_child'
    WHEN judged.is_archived THEN 'to_archive'
    ELSE 'due' END AS outcome
FROM judged JOIN kept USING (id)
WHERE judged.is_due
      AND NOT EXISTS (SELECT FROM cases WHERE person_id = judged.id AND (closed_on IS NULL OR state = 'transferred'))
ORDER BY judged.id
"""
"""For county $1 and day $2, of all people or of person $3: the people whose period is
over by every rule, with their outcome.

The period includes its last day (Civil Code, art. 112) and is over on the next one.
Only the month of birth is available, so a person counts as of age, at $4 years, at its
end. A case that waits for another county is not over: it may come back.
"""
