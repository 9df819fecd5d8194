"""SQL of registrations."""

from sqlalchemy import text

# Counts the places of a conference again, under its lock.
# SQLAlchemy would build two subqueries for what one aggregate counts.
COUNT_PLACES = text("""
UPDATE conferences SET registered = counted.registered, waiting = counted.waiting
FROM (
    SELECT count(*) FILTER (WHERE state = 'registered') AS registered,
           count(*) FILTER (WHERE state = 'waitlisted') AS waiting
    FROM conference_registrations WHERE conference_id = :conference_id
) AS counted
WHERE id = :conference_id
""")
