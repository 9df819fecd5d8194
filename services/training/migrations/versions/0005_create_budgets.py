"""create budgets."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "budgets",
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
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_budgets_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budgets")),
        schema="training",
    )
    op.create_index(
        "ix_budgets_changed_at",
        "budgets",
        ["changed_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_budgets_programme_id",
        "budgets",
        ["programme_id"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "budget_sources",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint(
            "kind IN ('eu', 'national', 'own')", name=op.f("ck_budget_sources_kind")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_budget_sources_amount")),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["training.budgets.id"],
            name=op.f("fk_budget_sources_budget_id"),
        ),
        sa.PrimaryKeyConstraint("budget_id", "kind", name=op.f("pk_budget_sources")),
        schema="training",
    )
    op.create_table(
        "budget_tasks",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("share", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("start_quarter", sa.Text(), nullable=False),
        sa.Column("end_quarter", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "share > 0 AND share <= 100", name=op.f("ck_budget_tasks_share")
        ),
        sa.CheckConstraint(
            "start_quarter <= end_quarter", name=op.f("ck_budget_tasks_end_quarter")
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["training.budgets.id"],
            name=op.f("fk_budget_tasks_budget_id"),
        ),
        sa.PrimaryKeyConstraint("budget_id", "number", name=op.f("pk_budget_tasks")),
        schema="training",
    )
    op.create_table(
        "budget_years",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_budget_years_amount")),
        sa.ForeignKeyConstraint(
            ["budget_id"],
            ["training.budgets.id"],
            name=op.f("fk_budget_years_budget_id"),
        ),
        sa.PrimaryKeyConstraint("budget_id", "year", name=op.f("pk_budget_years")),
        schema="training",
    )


def downgrade() -> None:
    op.drop_table("budget_years", schema="training")
    op.drop_table("budget_tasks", schema="training")
    op.drop_table("budget_sources", schema="training")
    op.drop_index("uq_budgets_programme_id", table_name="budgets", schema="training")
    op.drop_index("ix_budgets_changed_at", table_name="budgets", schema="training")
    op.drop_table("budgets", schema="training")
