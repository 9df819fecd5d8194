"""create authority work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "authority_steps",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column(
            "taken_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_authority_steps_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_steps")),
        schema="training",
    )
    op.create_index(
        "ix_authority_steps_authority_id",
        "authority_steps",
        ["authority_id", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "consultation_events",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("parents", sa.Integer(), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column("employers", sa.Integer(), nullable=False),
        sa.Column("ngos", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "form IN ('dialogue_meeting', 'education_debate', 'consultation')",
            name=op.f("ck_consultation_events_form"),
        ),
        sa.CheckConstraint(
            "least(heads, teachers, parents, pupils, employers, ngos) >= 0 AND heads + teachers + parents + pupils + employers + ngos > 0",
            name=op.f("ck_consultation_events_people"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_consultation_events_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_events")),
        schema="training",
    )
    op.create_index(
        "ix_consultation_events_authority_id",
        "consultation_events",
        ["authority_id", "held_on", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_consultation_events_county_terc",
        "consultation_events",
        ["county_terc"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "diagnoses",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("returning_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'returned') = (returning_reason IS NOT NULL)",
            name=op.f("ck_diagnoses_returning_reason"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR submitted_at IS NOT NULL",
            name=op.f("ck_diagnoses_submitted_at"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'accepted', 'returned')",
            name=op.f("ck_diagnoses_state"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_diagnoses_number")),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_diagnoses_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnoses")),
        schema="training",
    )
    op.create_index(
        "ix_diagnoses_county_terc",
        "diagnoses",
        ["county_terc"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_diagnoses_number",
        "diagnoses",
        ["authority_id", "number"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "strategic_plans",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column(
            "started_measures", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.CheckConstraint(
            "(state IN ('draft', 'consulted')) = (adopted_on IS NULL) AND (adopted_on IS NULL) = (resolution IS NULL) AND (adopted_on IS NULL) = (diagnosis_id IS NULL)",
            name=op.f("ck_strategic_plans_adopted_on"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'consulted', 'adopted', 'implementing', 'monitored')",
            name=op.f("ck_strategic_plans_state"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_strategic_plans_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"],
            ["training.diagnoses.id"],
            name=op.f("fk_strategic_plans_diagnosis_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategic_plans")),
        schema="training",
    )
    op.create_index(
        "ix_strategic_plans_county_terc",
        "strategic_plans",
        ["county_terc"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_strategic_plans_authority_id",
        "strategic_plans",
        ["authority_id"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "task_team_members",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("leaving_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(left_on IS NULL) = (leaving_reason IS NULL) AND joined_on <= left_on",
            name=op.f("ck_task_team_members_left_on"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_task_team_members_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"],
            ["training.trainees.id"],
            name=op.f("fk_task_team_members_trainee_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_team_members")),
        schema="training",
    )
    op.create_index(
        "ix_task_team_members_authority_id",
        "task_team_members",
        ["authority_id", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_task_team_members_county_terc",
        "task_team_members",
        ["county_terc"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_task_team_members_trainee_id",
        "task_team_members",
        ["trainee_id"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.add_column(
        "authorities",
        sa.Column("advisory_starts_on", sa.Date(), nullable=True),
        schema="training",
    )
    op.add_column(
        "authorities",
        sa.Column("advisory_ends_on", sa.Date(), nullable=True),
        schema="training",
    )
    op.add_column(
        "authorities",
        sa.Column("task_starts_on", sa.Date(), nullable=True),
        schema="training",
    )
    op.add_column(
        "authorities",
        sa.Column("task_ends_on", sa.Date(), nullable=True),
        schema="training",
    )
    op.add_column(
        "authorities",
        sa.Column("monitoring_starts_on", sa.Date(), nullable=True),
        schema="training",
    )
    op.add_column(
        "authorities",
        sa.Column("monitoring_ends_on", sa.Date(), nullable=True),
        schema="training",
    )
    op.add_column(
        "authorities",
        sa.Column("post_project_starts_on", sa.Date(), nullable=True),
        schema="training",
    )
    op.add_column(
        "authorities",
        sa.Column("post_project_ends_on", sa.Date(), nullable=True),
        schema="training",
    )


def downgrade() -> None:
    op.drop_column("authorities", "post_project_ends_on", schema="training")
    op.drop_column("authorities", "post_project_starts_on", schema="training")
    op.drop_column("authorities", "monitoring_ends_on", schema="training")
    op.drop_column("authorities", "monitoring_starts_on", schema="training")
    op.drop_column("authorities", "task_ends_on", schema="training")
    op.drop_column("authorities", "task_starts_on", schema="training")
    op.drop_column("authorities", "advisory_ends_on", schema="training")
    op.drop_column("authorities", "advisory_starts_on", schema="training")
    op.drop_index(
        "uq_task_team_members_trainee_id",
        table_name="task_team_members",
        schema="training",
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.drop_index(
        "ix_task_team_members_county_terc",
        table_name="task_team_members",
        schema="training",
    )
    op.drop_index(
        "ix_task_team_members_authority_id",
        table_name="task_team_members",
        schema="training",
    )
    op.drop_table("task_team_members", schema="training")
    op.drop_index(
        "uq_strategic_plans_authority_id",
        table_name="strategic_plans",
        schema="training",
    )
    op.drop_index(
        "ix_strategic_plans_county_terc",
        table_name="strategic_plans",
        schema="training",
    )
    op.drop_table("strategic_plans", schema="training")
    op.drop_index("uq_diagnoses_number", table_name="diagnoses", schema="training")
    op.drop_index("ix_diagnoses_county_terc", table_name="diagnoses", schema="training")
    op.drop_table("diagnoses", schema="training")
    op.drop_index(
        "ix_consultation_events_county_terc",
        table_name="consultation_events",
        schema="training",
    )
    op.drop_index(
        "ix_consultation_events_authority_id",
        table_name="consultation_events",
        schema="training",
    )
    op.drop_table("consultation_events", schema="training")
    op.drop_index(
        "ix_authority_steps_authority_id",
        table_name="authority_steps",
        schema="training",
    )
    op.drop_table("authority_steps", schema="training")
