"""What stands in a version of a plan, in one statement."""

# By hand: five statements of SQLAlchemy, and a table class for every row, took ten
# times as long as the question itself.
WHOLE = """
SELECT key.keyring_id, key.wrapped,
    CAST((SELECT json_agg(one ORDER BY one.number) FROM plan_goals AS one WHERE one.plan_id = $1) AS text) AS goals,
    CAST((SELECT json_agg(one ORDER BY one.number) FROM plan_recommendations AS one
          WHERE one.plan_id = $1) AS text) AS recommendations,
    CAST((SELECT json_agg(one ORDER BY one.due_on, one.number) FROM plan_steps AS one
          WHERE one.plan_id = $1) AS text) AS steps,
    CAST((SELECT json_agg(one ORDER BY one.number) FROM plan_reviews AS one WHERE one.plan_id = $1) AS text) AS reviews,
    CAST((SELECT json_agg(one ORDER BY one.approved_at) FROM plan_approvals AS one
          WHERE one.plan_id = $1) AS text) AS approvals
FROM person_keys AS key WHERE key.person_id = $2
"""
"""The child's key, and each part of the version as JSON, sealed as it is."""
