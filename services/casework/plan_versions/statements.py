"""The parts of a version of a plan, as columns of one statement about its row."""

from functools import lru_cache

from sqlalchemy import Text, bindparam, case, cast, literal_column, select
from sqlalchemy.dialects.postgresql import array

from services.casework.people.queries import KEYS
from services.casework.plans.queries import PLANS
from services.casework.plans.schemas import PlanSummary
from services.chassis.data.texts import as_text
from services.chassis.data.work import Rows

# Written by hand: five SQLAlchemy statements with a table object for every row took ten
# times as long as the query itself.
_PARTS = {
    "goals": """
(SELECT json_agg(one ORDER BY one.number) FROM plan_goals AS one WHERE one.plan_id = plans.id)
""",
    "recommendations": """
(SELECT json_agg(one ORDER BY one.number) FROM plan_recommendations AS one WHERE one.plan_id = plans.id)
""",
    "steps": """
(SELECT json_agg(one ORDER BY one.due_on, one.number) FROM plan_steps AS one WHERE one.plan_id = plans.id)
""",
    "reviews": """
(SELECT json_agg(one ORDER BY one.number) FROM plan_reviews AS one WHERE one.plan_id = plans.id)
""",
    "approvals": """
(SELECT json_agg(one ORDER BY one.approved_at) FROM plan_approvals AS one WHERE one.plan_id = plans.id)
""",
}
"""Each part of the version in `plans` as JSON, still sealed; NULL where it has no rows.
"""

_KEYED = PLANS.outerjoin(KEYS, KEYS.c.person_id == PLANS.c.person_id)
_COLUMNS = [
    KEYS.c.keyring_id,
    KEYS.c.wrapped,
    *[cast(literal_column(part), Text).label(name) for name, part in _PARTS.items()],
]
_CONTENTS: Rows = select(*_COLUMNS).select_from(_KEYED)
CONTENTS, _ = as_text(_CONTENTS.where(PLANS.c.id == bindparam("plan")))
"""The child's key and each part of the version with the id $1."""

SHOWN = {*PlanSummary.model_fields, "sealed"}
"""The columns of a version's own row that are needed to show it."""


@lru_cache(maxsize=64)
def whole(statement: Rows) -> Rows:
    """A cached statement about one version, extended by all its parts and by the people
    whom it shows.
    """
    # An erased child is not shown, so the list of people is empty.
    people = case(
        (KEYS.c.wrapped.is_(None), literal_column("CAST('{}' AS uuid[])")),
        else_=array([PLANS.c.person_id]),
    )
    own = [PLANS.c[name] for name in sorted(SHOWN)]
    return statement.with_only_columns(
        *own, *_COLUMNS, people.label("people")
    ).select_from(_KEYED)
