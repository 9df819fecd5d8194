"""create surveys and answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "surveys",
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
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("conference_id", sa.Uuid(), nullable=True),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("questions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answer_key", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answer_key IS NOT NULL)", name=op.f("ck_surveys_key")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closed')", name=op.f("ck_surveys_state")
        ),
        sa.CheckConstraint(
            "num_nonnulls(programme_id, group_id, conference_id) = 1",
            name=op.f("ck_surveys_of_one"),
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["training.conferences.id"],
            name=op.f("fk_surveys_conference_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["training.groups.id"], name=op.f("fk_surveys_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_surveys_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        schema="training",
    )
    op.create_index(
        "ix_surveys_conference_id",
        "surveys",
        ["conference_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_surveys_created_at",
        "surveys",
        ["created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_surveys_group_id", "surveys", ["group_id"], unique=False, schema="training"
    )
    op.create_index(
        "ix_surveys_programme_id",
        "surveys",
        ["programme_id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["training.surveys.id"],
            name=op.f("fk_survey_answers_survey_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        schema="training",
    )
    op.create_index(
        "ix_survey_answers_survey_id",
        "survey_answers",
        ["survey_id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "survey_participations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["training.surveys.id"],
            name=op.f("fk_survey_participations_survey_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_participations")),
        schema="training",
    )
    op.create_index(
        "uq_survey_participations_digest",
        "survey_participations",
        ["survey_id", "digest"],
        unique=True,
        schema="training",
    )


def downgrade() -> None:
    op.drop_index(
        "uq_survey_participations_digest",
        table_name="survey_participations",
        schema="training",
    )
    op.drop_table("survey_participations", schema="training")
    op.drop_index(
        "ix_survey_answers_survey_id", table_name="survey_answers", schema="training"
    )
    op.drop_table("survey_answers", schema="training")
    op.drop_index("ix_surveys_programme_id", table_name="surveys", schema="training")
    op.drop_index("ix_surveys_group_id", table_name="surveys", schema="training")
    op.drop_index("ix_surveys_created_at", table_name="surveys", schema="training")
    op.drop_index("ix_surveys_conference_id", table_name="surveys", schema="training")
    op.drop_table("surveys", schema="training")
