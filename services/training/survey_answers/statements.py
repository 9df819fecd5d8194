"""SQL of answers."""

from sqlalchemy import text

# Rewrites the answers of a survey in a random order and with new keys. Otherwise the
# order of rows in the data files, and the transaction ids of rows, could reveal who
# answered what. SQLAlchemy cannot insert from a DELETE … RETURNING.
SHUFFLE = text("""
WITH taken AS (
    DELETE FROM survey_answers WHERE survey_id = :survey_id
    RETURNING survey_id, role, content
)
INSERT INTO survey_answers (id, survey_id, role, content)
SELECT gen_random_uuid(), survey_id, role, content FROM taken ORDER BY random()
""")
