"""SQL of selections.

SQLAlchemy does not build it: it would bind every column of up to 10,000 rows.
"""

# Select the subjects $5 (JSON) of the campaign $1: by the rule $2, for the reason $3,
# by the account $4.
ADD_SELECTIONS = """
INSERT INTO campaign_selections
    (campaign_id, subject_ref, county_terc, rule, reason, selected_by)
SELECT CAST($1 AS uuid), given.subject_ref, given.county_terc, CAST($2 AS jsonb),
       CAST($3 AS text), CAST($4 AS text)
FROM jsonb_to_recordset(CAST($5 AS jsonb)) AS given(subject_ref uuid, county_terc text)
"""
