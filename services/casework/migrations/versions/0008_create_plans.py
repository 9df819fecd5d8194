"""create plans."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0008"
down_revision = "0007"


# Without `pathways`: a template is of no county and about nobody.
LOCKED = {
    "plans": {"team": "case_id", "guardian": "person_id", "break_glass": "person_id"},
    "plan_approvals": {
        "team": "case_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
    "plan_goals": {
        "team": "case_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
    "plan_reviews": {
        "team": "case_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
    "plan_steps": {
        "team": "case_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
    "plan_recommendations": {
        "team": "case_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
}
"""By table the columns that relations lead to, by their kind."""


def upgrade() -> None:
    op.create_table(
        "pathways",
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
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("entry_criteria_pl", sa.Text(), nullable=True),
        sa.Column("entry_criteria_en", sa.Text(), nullable=True),
        sa.Column("age_from_months", sa.Integer(), nullable=True),
        sa.Column("age_to_months", sa.Integer(), nullable=True),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'retired')", name=op.f("ck_pathways_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathways")),
        schema="casework",
    )
    op.create_index(
        "uq_pathways_number_of_code",
        "pathways",
        ["code", "number"],
        unique=True,
        schema="casework",
    )
    op.create_table(
        "plans",
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
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("pathway_id", sa.Uuid(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'approved', 'active', 'superseded', 'completed')",
            name=op.f("ck_plans_state"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_plans_ends_on")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework.cases.id"], name=op.f("fk_plans_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["pathway_id"], ["casework.pathways.id"], name=op.f("fk_plans_pathway_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_plans_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        schema="casework",
    )
    op.create_index(
        "ix_plans_county_terc",
        "plans",
        ["county_terc", "changed_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_plans_person_id", "plans", ["person_id"], unique=False, schema="casework"
    )
    op.create_index(
        "uq_plans_active_in_case",
        "plans",
        ["case_id"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "uq_plans_number_in_case",
        "plans",
        ["case_id", "number"],
        unique=True,
        schema="casework",
    )
    op.create_index(
        "uq_plans_open_in_case",
        "plans",
        ["case_id"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("state IN ('draft', 'proposed', 'approved')"),
    )
    op.create_table(
        "plan_approvals",
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
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side IN ('guardian', 'pupil', 'team')", name=op.f("ck_plan_approvals_side")
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"],
            ["casework.people.id"],
            name=op.f("fk_plan_approvals_approver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["casework.plans.id"], name=op.f("fk_plan_approvals_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_approvals")),
        schema="casework",
    )
    op.create_index(
        "uq_plan_approvals_subject_of_plan",
        "plan_approvals",
        ["plan_id", "subject"],
        unique=True,
        schema="casework",
    )
    op.create_table(
        "plan_goals",
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
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("icf_code", sa.Text(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "subject IN ('child', 'pupil', 'family', 'environment')",
            name=op.f("ck_plan_goals_subject"),
        ),
        sa.CheckConstraint(
            "baseline BETWEEN -2 AND 2", name=op.f("ck_plan_goals_baseline")
        ),
        sa.CheckConstraint(
            "weight BETWEEN 1 AND 10", name=op.f("ck_plan_goals_weight")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["casework.plans.id"], name=op.f("fk_plan_goals_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goals")),
        schema="casework",
    )
    op.create_index(
        "uq_plan_goals_number_in_plan",
        "plan_goals",
        ["plan_id", "number"],
        unique=True,
        schema="casework",
    )
    op.create_table(
        "plan_reviews",
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
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "attainments", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column("t_score", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["casework.plans.id"], name=op.f("fk_plan_reviews_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reviews")),
        schema="casework",
    )
    op.create_index(
        "ix_plan_reviews_county_terc",
        "plan_reviews",
        ["county_terc", "held_on"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "uq_plan_reviews_number_in_plan",
        "plan_reviews",
        ["plan_id", "number"],
        unique=True,
        schema="casework",
    )
    op.create_table(
        "plan_steps",
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
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pathway_step", sa.Text(), nullable=True),
        sa.Column("days_from_start", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("earlier_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(state = 'skipped') = (reason IS NOT NULL)",
            name=op.f("ck_plan_steps_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'done', 'skipped')", name=op.f("ck_plan_steps_state")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["casework.plans.id"], name=op.f("fk_plan_steps_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_steps")),
        schema="casework",
    )
    op.create_index(
        "ix_plan_steps_county_terc",
        "plan_steps",
        ["county_terc", "due_on"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "uq_plan_steps_number_in_plan",
        "plan_steps",
        ["plan_id", "number"],
        unique=True,
        schema="casework",
    )
    op.create_table(
        "plan_recommendations",
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
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("support_kind", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earlier_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(state = 'not_done') = (reason IS NOT NULL)",
            name=op.f("ck_plan_recommendations_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'in_progress', 'done', 'not_done')",
            name=op.f("ck_plan_recommendations_state"),
        ),
        sa.CheckConstraint(
            "effect IN ('full', 'partial', 'none', 'not_assessable')",
            name=op.f("ck_plan_recommendations_effect"),
        ),
        sa.ForeignKeyConstraint(
            ["goal_id"],
            ["casework.plan_goals.id"],
            name=op.f("fk_plan_recommendations_goal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["casework.plans.id"],
            name=op.f("fk_plan_recommendations_plan_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_recommendations")),
        schema="casework",
    )
    op.create_index(
        "ix_plan_recommendations_county_terc",
        "plan_recommendations",
        ["county_terc", "due_on"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_plan_recommendations_institution_id",
        "plan_recommendations",
        ["institution_id", "due_on"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "uq_plan_recommendations_number_in_plan",
        "plan_recommendations",
        ["plan_id", "number"],
        unique=True,
        schema="casework",
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "uq_plan_recommendations_number_in_plan",
        table_name="plan_recommendations",
        schema="casework",
    )
    op.drop_index(
        "ix_plan_recommendations_institution_id",
        table_name="plan_recommendations",
        schema="casework",
    )
    op.drop_index(
        "ix_plan_recommendations_county_terc",
        table_name="plan_recommendations",
        schema="casework",
    )
    op.drop_table("plan_recommendations", schema="casework")
    op.drop_index(
        "uq_plan_steps_number_in_plan", table_name="plan_steps", schema="casework"
    )
    op.drop_index(
        "ix_plan_steps_county_terc", table_name="plan_steps", schema="casework"
    )
    op.drop_table("plan_steps", schema="casework")
    op.drop_index(
        "uq_plan_reviews_number_in_plan", table_name="plan_reviews", schema="casework"
    )
    op.drop_index(
        "ix_plan_reviews_county_terc", table_name="plan_reviews", schema="casework"
    )
    op.drop_table("plan_reviews", schema="casework")
    op.drop_index(
        "uq_plan_goals_number_in_plan", table_name="plan_goals", schema="casework"
    )
    op.drop_table("plan_goals", schema="casework")
    op.drop_index(
        "uq_plan_approvals_subject_of_plan",
        table_name="plan_approvals",
        schema="casework",
    )
    op.drop_table("plan_approvals", schema="casework")
    op.drop_index(
        "uq_plans_open_in_case",
        table_name="plans",
        schema="casework",
        postgresql_where=sa.text("state IN ('draft', 'proposed', 'approved')"),
    )
    op.drop_index("uq_plans_number_in_case", table_name="plans", schema="casework")
    op.drop_index(
        "uq_plans_active_in_case",
        table_name="plans",
        schema="casework",
        postgresql_where=sa.text("state = 'active'"),
    )
    op.drop_index("ix_plans_person_id", table_name="plans", schema="casework")
    op.drop_index("ix_plans_county_terc", table_name="plans", schema="casework")
    op.drop_table("plans", schema="casework")
    op.drop_index(
        "uq_pathways_number_of_code", table_name="pathways", schema="casework"
    )
    op.drop_table("pathways", schema="casework")
