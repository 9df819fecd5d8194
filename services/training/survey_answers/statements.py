"""SQL of answers."""

from sqlalchemy import text

# Write the answers of a survey anew, in an order of chance and with other keys.
# Else the order of rows in their pages, and the transaction that wrote each, would
# tell whoever reads the files who answered what. SQLAlchemy cannot insert from a
# DELETE that returns.
SHUFFLE = text("""
WITH taken AS (
    DELETE FROM survey_answers WHERE survey_id = :survey_id
    RETURNING survey_id, role, content
)
INSERT INTO survey_answers (id, survey_id, role, content)
SELECT gen_random_uuid(), survey_id, role, content FROM taken ORDER BY random()
""")
