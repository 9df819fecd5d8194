"""create session departures; calendars of rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "session_departures",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "left_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('trainer', 'room')", name=op.f("ck_session_departures_kind")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training.sessions.id"],
            name=op.f("fk_session_departures_session_id"),
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "object_id", name=op.f("pk_session_departures")
        ),
        schema="training",
    )
    op.create_index(
        "ix_session_departures_object_id",
        "session_departures",
        ["object_id", "left_at"],
        unique=False,
        schema="training",
    )
    op.add_column(
        "calendars", sa.Column("room_id", sa.Uuid(), nullable=True), schema="training"
    )
    op.create_foreign_key(
        op.f("fk_calendars_room_id"),
        "calendars",
        "rooms",
        ["room_id"],
        ["id"],
        source_schema="training",
        referent_schema="training",
    )
    op.create_check_constraint(
        op.f("ck_calendars_of_one"),
        "calendars",
        "num_nonnulls(group_id, room_id) <= 1",
        schema="training",
    )


def downgrade() -> None:
    op.drop_constraint(
        op.f("ck_calendars_of_one"), "calendars", schema="training", type_="check"
    )
    op.drop_constraint(
        "fk_calendars_room_id", "calendars", schema="training", type_="foreignkey"
    )
    op.drop_column("calendars", "room_id", schema="training")
    op.drop_index(
        "ix_session_departures_object_id",
        table_name="session_departures",
        schema="training",
    )
    op.drop_table("session_departures", schema="training")
