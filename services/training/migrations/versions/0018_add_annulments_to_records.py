"""add annulments to records of what took place."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TABLES = (
    "advisory_visits",
    "consultation_events",
    "hour_totals",
    "indicator_values",
    "outreach_metrics",
)
# One value of a day: what was annulled keeps no place from what was true.
OF_A_DAY = {
    "uq_indicator_values_as_of": ("indicator_values", ["indicator_id", "as_of"]),
    "uq_outreach_metrics_as_of": (
        "outreach_metrics",
        ["programme_id", "metric", "as_of"],
    ),
}


def upgrade() -> None:
    for table in TABLES:
        for name in ("annulled_by", "annulling_reason"):
            op.add_column(
                table, sa.Column(name, sa.Text(), nullable=True), schema="training"
            )
        op.create_check_constraint(
            op.f(f"ck_{table}_annulled_by"),
            table,
            "(annulled_by IS NULL) = (annulling_reason IS NULL)",
            schema="training",
        )
    for index, (table, columns) in OF_A_DAY.items():
        op.drop_index(index, table_name=table, schema="training")
        op.create_index(
            index,
            table,
            columns,
            unique=True,
            schema="training",
            postgresql_where=sa.text("annulled_by IS NULL"),
        )


def downgrade() -> None:
    for index, (table, columns) in OF_A_DAY.items():
        op.drop_index(index, table_name=table, schema="training")
        op.create_index(index, table, columns, unique=True, schema="training")
    for table in TABLES:
        op.drop_constraint(
            op.f(f"ck_{table}_annulled_by"), table, schema="training", type_="check"
        )
        for name in ("annulling_reason", "annulled_by"):
            op.drop_column(table, name, schema="training")
