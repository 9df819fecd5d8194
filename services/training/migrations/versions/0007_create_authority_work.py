"""create authority work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0007"
down_revision = "0006"

LOCKED = {"member": "authority_id", "adviser": "authority_id"}
"""What relations to somebody in a task team lead by, by their kind."""
WINDOWS = ("advisory", "task", "monitoring", "post_project")


def upgrade() -> None:
    op.create_table(
        "advisory_visits",
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
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "mode IN ('online', 'on_site')", name=op.f("ck_advisory_visits_mode")
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 1 AND 1440", name=op.f("ck_advisory_visits_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_advisory_visits_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advisory_visits")),
        schema="training",
    )
    op.create_index(
        "ix_advisory_visits_authority_id",
        "advisory_visits",
        ["authority_id", "visited_on", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_advisory_visits_county_terc",
        "advisory_visits",
        ["county_terc"],
        unique=False,
        schema="training",
    )
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
        "check_ins",
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
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("first_submitted_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("returning_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (first_submitted_on IS NULL)",
            name=op.f("ck_check_ins_first_submitted_on"),
        ),
        sa.CheckConstraint(
            "(state = 'returned') = (returning_reason IS NOT NULL)",
            name=op.f("ck_check_ins_returning_reason"),
        ),
        sa.CheckConstraint(
            "kind = 'monthly' AND number BETWEEN 1 AND 12 OR kind = 'yearly' AND number BETWEEN 1 AND 2",
            name=op.f("ck_check_ins_number"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'accepted', 'returned')",
            name=op.f("ck_check_ins_state"),
        ),
        sa.CheckConstraint(
            "starts_on <= ends_on AND ends_on < due_on",
            name=op.f("ck_check_ins_due_on"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_check_ins_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        schema="training",
    )
    op.create_index(
        "ix_check_ins_county_terc",
        "check_ins",
        ["county_terc", "due_on", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_check_ins_due_on",
        "check_ins",
        ["due_on", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_check_ins_number",
        "check_ins",
        ["authority_id", "kind", "number"],
        unique=True,
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
        "good_practices",
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
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="identified", nullable=False),
        sa.Column("identified_by", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("described_by", sa.Text(), nullable=True),
        sa.Column("described_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (published_on IS NOT NULL)",
            name=op.f("ck_good_practices_published_on"),
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_good_practices_county_terc")
        ),
        sa.CheckConstraint(
            "state = 'identified' OR described_by IS NOT NULL",
            name=op.f("ck_good_practices_described_by"),
        ),
        sa.CheckConstraint(
            "state IN ('identified', 'described', 'reviewed', 'published')",
            name=op.f("ck_good_practices_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('reviewed', 'published') OR reviewed_by IS NOT NULL",
            name=op.f("ck_good_practices_reviewed_by_somebody"),
        ),
        sa.CheckConstraint(
            "reviewed_by <> described_by", name=op.f("ck_good_practices_reviewed_by")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_good_practices_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_good_practices")),
        schema="training",
    )
    op.create_index(
        "ix_good_practices_authority_id",
        "good_practices",
        ["authority_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_good_practices_changed_at",
        "good_practices",
        ["changed_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_good_practices_county_terc",
        "good_practices",
        ["county_terc", "changed_at", "id"],
        unique=False,
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
    for name in WINDOWS:
        for end in ("starts_on", "ends_on"):
            column = sa.Column(f"{name}_{end}", sa.Date(), nullable=True)
            op.add_column("authorities", column, schema="training")
    op.create_check_constraint(
        op.f("ck_authorities_withdrawal_reason"),
        "authorities",
        "(state = 'withdrawn') = (withdrawal_reason IS NOT NULL)",
        schema="training",
    )
    for name in WINDOWS:
        op.create_check_constraint(
            op.f(f"ck_authorities_{name}_ends_on"),
            "authorities",
            f"({name}_starts_on IS NULL) = ({name}_ends_on IS NULL)"
            f" AND {name}_starts_on <= {name}_ends_on",
            schema="training",
        )
    for statement in row_level_security("training.task_team_members", LOCKED):
        op.execute(statement)


def downgrade() -> None:
    for name in ("withdrawal_reason", *[f"{each}_ends_on" for each in WINDOWS]):
        op.drop_constraint(f"ck_authorities_{name}", "authorities", schema="training")
    for name in WINDOWS:
        for end in ("starts_on", "ends_on"):
            op.drop_column("authorities", f"{name}_{end}", schema="training")
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
    op.drop_index(
        "ix_good_practices_county_terc", table_name="good_practices", schema="training"
    )
    op.drop_index(
        "ix_good_practices_changed_at", table_name="good_practices", schema="training"
    )
    op.drop_index(
        "ix_good_practices_authority_id", table_name="good_practices", schema="training"
    )
    op.drop_table("good_practices", schema="training")
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
    op.drop_index("uq_check_ins_number", table_name="check_ins", schema="training")
    op.drop_index("ix_check_ins_due_on", table_name="check_ins", schema="training")
    op.drop_index("ix_check_ins_county_terc", table_name="check_ins", schema="training")
    op.drop_table("check_ins", schema="training")
    op.drop_index(
        "ix_authority_steps_authority_id",
        table_name="authority_steps",
        schema="training",
    )
    op.drop_table("authority_steps", schema="training")
    op.drop_index(
        "ix_advisory_visits_county_terc",
        table_name="advisory_visits",
        schema="training",
    )
    op.drop_index(
        "ix_advisory_visits_authority_id",
        table_name="advisory_visits",
        schema="training",
    )
    op.drop_table("advisory_visits", schema="training")
