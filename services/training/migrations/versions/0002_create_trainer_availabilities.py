"""create trainer availabilities, seats of groups, sources of preferences, erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "trainer_availabilities",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_trainer_availabilities_ends_at")
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"],
            ["training.trainers.id"],
            name=op.f("fk_trainer_availabilities_trainer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainer_availabilities")),
        schema="training",
    )
    op.create_index(
        "ix_trainer_availabilities_trainer_id",
        "trainer_availabilities",
        ["trainer_id", "starts_at", "id"],
        unique=False,
        schema="training",
    )
    op.add_column(
        "enrolments",
        sa.Column("preference_source", sa.Text(), nullable=True),
        schema="training",
    )
    op.create_index(
        "ix_enrolments_group_id",
        "enrolments",
        ["group_id", "sequence"],
        unique=False,
        schema="training",
    )
    op.add_column(
        "groups",
        sa.Column(
            "seats_taken", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        schema="training",
    )
    op.add_column(
        "groups",
        sa.Column("waiting", sa.Integer(), server_default=sa.text("0"), nullable=False),
        schema="training",
    )
    op.add_column(
        "trainees",
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        schema="training",
    )
    op.alter_column(
        "trainees",
        "given_name",
        existing_type=sa.TEXT(),
        nullable=True,
        schema="training",
    )
    op.alter_column(
        "trainees",
        "family_name",
        existing_type=sa.TEXT(),
        nullable=True,
        schema="training",
    )
    op.alter_column(
        "trainees",
        "organisation_name",
        existing_type=sa.TEXT(),
        nullable=True,
        schema="training",
    )
    op.create_check_constraint(
        op.f("ck_enrolments_preference_source"),
        "enrolments",
        "is_preferred = (preference_source IS NOT NULL)",
        schema="training",
    )
    op.create_check_constraint(
        op.f("ck_groups_seats_taken"),
        "groups",
        "seats_taken BETWEEN 0 AND capacity",
        schema="training",
    )
    op.create_check_constraint(
        op.f("ck_groups_waiting"), "groups", "waiting >= 0", schema="training"
    )
    op.create_check_constraint(
        op.f("ck_trainees_erased_at"),
        "trainees",
        "(erased_at IS NULL) = (num_nulls(given_name, family_name,"
        " organisation_name) = 0) AND (erased_at IS NULL OR"
        " num_nonnulls(given_name, family_name, organisation_name, email,"
        " account) = 0)",
        schema="training",
    )


def downgrade() -> None:
    op.drop_constraint("ck_trainees_erased_at", "trainees", schema="training")
    op.drop_constraint("ck_groups_waiting", "groups", schema="training")
    op.drop_constraint("ck_groups_seats_taken", "groups", schema="training")
    op.drop_constraint(
        "ck_enrolments_preference_source", "enrolments", schema="training"
    )
    op.alter_column(
        "trainees",
        "organisation_name",
        existing_type=sa.TEXT(),
        nullable=False,
        schema="training",
    )
    op.alter_column(
        "trainees",
        "family_name",
        existing_type=sa.TEXT(),
        nullable=False,
        schema="training",
    )
    op.alter_column(
        "trainees",
        "given_name",
        existing_type=sa.TEXT(),
        nullable=False,
        schema="training",
    )
    op.drop_column("trainees", "erased_at", schema="training")
    op.drop_column("groups", "waiting", schema="training")
    op.drop_column("groups", "seats_taken", schema="training")
    op.drop_index("ix_enrolments_group_id", table_name="enrolments", schema="training")
    op.drop_column("enrolments", "preference_source", schema="training")
    op.drop_index(
        "ix_trainer_availabilities_trainer_id",
        table_name="trainer_availabilities",
        schema="training",
    )
    op.drop_table("trainer_availabilities", schema="training")
