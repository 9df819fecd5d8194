"""SQL of re-scorings: thousands of rows at once, which SQLAlchemy would bind value by value."""

from sqlalchemy import text

from services.screening.rescorings.rules import Decision

_DECISION = ", ".join(Decision._fields)
# Store the new results of some screenings (`decisions`: a JSON array of Decision).
KEEP_DECISIONS = text(
    f"""
INSERT INTO rescoring_decisions (rescoring_id, {_DECISION})
SELECT CAST(:rescoring_id AS uuid), {_DECISION}
FROM jsonb_populate_recordset(CAST(NULL AS rescoring_decisions), CAST(:decisions AS jsonb))
"""  # noqa: S608 - put together from our own names of columns
)

# The screenings to change, locked. One whose result was replaced or annulled since it was
# computed, or that was sent back and submitted again, is left as it is.
_CHOSEN = """
    SELECT screening.id, screening.version, screening.county_terc, screening.result,
           screening.outcome, screening.norm_set_id, decision.new_result, decision.new_outcome,
           decision.is_changing, decision.new_bands
    FROM rescoring_decisions AS decision
    JOIN screenings AS screening ON screening.id = decision.screening_id
    JOIN rescorings AS rescoring ON rescoring.id = decision.rescoring_id
    WHERE decision.rescoring_id = :rescoring_id AND screening.state IN ('scored', 'confirmed')
      AND screening.norm_set_id IS NOT DISTINCT FROM decision.old_norm_set_id
      AND screening.result IS DISTINCT FROM decision.new_result
      AND screening.submitted_at <= rescoring.created_at
    FOR UPDATE OF screening
"""
# Store the present results of these screenings as replaced ones.
_KEPT = """
    INSERT INTO replaced_results (screening_id, version, county_terc, result, outcome, norm_set_id,
                                  rescoring_id, replaced_by)
    SELECT id, version, county_terc, result, outcome, norm_set_id, CAST(:rescoring_id AS uuid),
           CAST(:actor AS text)
    FROM chosen
"""
# Write the new results. Where people would read the result differently, an earlier
# confirmation no longer holds: the result has to be confirmed again.
_CHANGED = """
    UPDATE screenings AS screening
    SET result = chosen.new_result, outcome = chosen.new_outcome,
        norm_set_id = CAST(:norm_set_id AS uuid), scored_at = now(), changed_at = now(),
        version = screening.version + 1,
        state = CASE WHEN is_changing THEN 'scored' ELSE state END,
        confirmed_by = CASE WHEN is_changing THEN NULL ELSE confirmed_by END,
        confirmed_at = CASE WHEN is_changing THEN NULL ELSE confirmed_at END
    FROM chosen WHERE screening.id = chosen.id
    RETURNING screening.*, chosen.is_changing, chosen.new_bands
"""
# An event for each.
_EMITTED = """
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'screening.screening.rescored', 'screenings/' || id, version, county_terc,
           jsonb_strip_nulls(jsonb_build_object(
               'href', '/v1/screening/screenings/' || id, 'subject_ref', subject_ref,
               'institution_id', institution_id, 'campaign_id', campaign_id,
               'rescoring_id', CAST(:rescoring_id AS text))),
           CAST(:trace_id AS text)
    FROM changed
"""
# An audit record for each.
_RECORDED = """
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, institution_id,
                               detail, trace_id)
    SELECT CAST(:actor AS text), 'accept_rescoring', 'screenings/' || id, 'changed', county_terc,
           institution_id, jsonb_build_object('rescoring_id', CAST(:rescoring_id AS text)),
           CAST(:trace_id AS text)
    FROM changed
"""
# Replace the results of a re-scoring, with the earlier result, an event and an audit
# record for each; returns how many, and the results that campaigns have to count (a
# JSON array).
ACCEPT = text(
    f"""
WITH chosen AS ({_CHOSEN}), kept AS ({_KEPT}), changed AS ({_CHANGED}),
     emitted AS ({_EMITTED}), recorded AS ({_RECORDED})
SELECT count(*),
       coalesce(json_agg(json_build_object(
           'campaign_id', campaign_id, 'stage', stage, 'subject_ref', subject_ref,
           'county_terc', county_terc, 'implementer', implementer, 'sex', sex,
           'age_months', age_months, 'instrument', instrument_code, 'screening_id', id,
           'outcome', outcome, 'informant', informant, 'bands', new_bands, 'direction', 1))
           FILTER (WHERE campaign_id IS NOT NULL AND is_changing), '[]')::text
FROM changed
"""  # noqa: S608
)
