"""SQL of enrolments."""

from sqlalchemy import text

# Counts the seats of a group again, under the group's lock.
# SQLAlchemy would build two subqueries for what one aggregate counts.
COUNT_SEATS = text("""
UPDATE groups SET seats_taken = counted.taken, waiting = counted.waiting
FROM (
    SELECT count(*) FILTER (
               WHERE state IN ('accepted', 'attending', 'completed')
           ) AS taken,
           count(*) FILTER (WHERE state = 'waitlisted') AS waiting
    FROM enrolments WHERE group_id = :group_id
) AS counted
WHERE id = :group_id
""")
