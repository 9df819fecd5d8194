"""SQL of sessions.

SQLAlchemy does not build it: a UNION over one span is easier to read as SQL.
"""

from sqlalchemy import ARRAY, Text, bindparam, text

# The conflicts with other sessions of the span: room, group, and people of the group.
CONFLICTS = text("""
WITH other AS (
    SELECT id, room_id, group_id FROM sessions
    WHERE state <> 'cancelled' AND id IS DISTINCT FROM CAST(:besides AS uuid)
      AND starts_at < CAST(:ends_at AS timestamptz)
      AND ends_at > CAST(:starts_at AS timestamptz)
      AND NOT EXISTS (
          SELECT FROM groups
          WHERE groups.id = sessions.group_id AND groups.state = 'cancelled'
      )
)
SELECT 'room' AS kind, room_id AS id, 'taken' AS reason, id AS session_id
FROM other WHERE room_id = CAST(:room_id AS uuid)
UNION ALL
SELECT 'group', group_id, 'attends_elsewhere', id
FROM other WHERE group_id = CAST(:group_id AS uuid)
UNION ALL
SELECT 'trainee', theirs.trainee_id, 'attends_elsewhere', other.id
FROM enrolments AS ours
JOIN enrolments AS theirs
  ON theirs.trainee_id = ours.trainee_id AND theirs.group_id <> ours.group_id
JOIN other ON other.group_id = theirs.group_id
WHERE ours.group_id = CAST(:group_id AS uuid)
  AND ours.state = ANY (:seated) AND theirs.state = ANY (:seated)
ORDER BY kind, id, session_id LIMIT 100
""").bindparams(bindparam("seated", type_=ARRAY(Text)))
