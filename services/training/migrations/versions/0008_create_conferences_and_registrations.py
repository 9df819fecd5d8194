"""create conferences and registrations."""

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import row_level_security

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "conferences",
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
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audience", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column(
            "registered", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("waiting", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open_to_outsiders", sa.Boolean(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(mode = 'online') = (place IS NULL)", name=op.f("ck_conferences_place")
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)",
            name=op.f("ck_conferences_cancel_reason"),
        ),
        sa.CheckConstraint(
            "mode IN ('online', 'in_person', 'hybrid')",
            name=op.f("ck_conferences_mode"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'held', 'cancelled')",
            name=op.f("ck_conferences_state"),
        ),
        sa.CheckConstraint(
            "cardinality(audience) > 0", name=op.f("ck_conferences_audience")
        ),
        sa.CheckConstraint(
            "registered BETWEEN 0 AND capacity", name=op.f("ck_conferences_registered")
        ),
        sa.CheckConstraint(
            "registration_opens_at < registration_closes_at AND registration_closes_at <= starts_at",
            name=op.f("ck_conferences_registration"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_conferences_ends_at")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_conferences_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conferences")),
        schema="training",
    )
    op.create_index(
        "ix_conferences_programme_id",
        "conferences",
        ["programme_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_conferences_starts_at",
        "conferences",
        ["starts_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "conference_registrations",
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
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (name IS NULL)",
            name=op.f("ck_conference_registrations_name"),
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'",
            name=op.f("ck_conference_registrations_county_terc"),
        ),
        sa.CheckConstraint(
            "state IN ('registered', 'waitlisted', 'withdrawn')",
            name=op.f("ck_conference_registrations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_conference_registrations_authority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["training.conferences.id"],
            name=op.f("fk_conference_registrations_conference_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_registrations")),
        schema="training",
    )
    op.create_index(
        "ix_conference_registrations_authority_id",
        "conference_registrations",
        ["authority_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_conference_registrations_line",
        "conference_registrations",
        ["conference_id", "sequence"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_conference_registrations_account",
        "conference_registrations",
        ["conference_id", "account"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    for statement in row_level_security("training.conference_registrations"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "uq_conference_registrations_account",
        table_name="conference_registrations",
        schema="training",
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.drop_index(
        "ix_conference_registrations_line",
        table_name="conference_registrations",
        schema="training",
    )
    op.drop_index(
        "ix_conference_registrations_authority_id",
        table_name="conference_registrations",
        schema="training",
    )
    op.drop_table("conference_registrations", schema="training")
    op.drop_index(
        "ix_conferences_starts_at", table_name="conferences", schema="training"
    )
    op.drop_index(
        "ix_conferences_programme_id", table_name="conferences", schema="training"
    )
    op.drop_table("conferences", schema="training")
