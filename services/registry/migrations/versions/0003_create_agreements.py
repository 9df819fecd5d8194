"""create agreements."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "agreements",
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
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("commune_terc", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "commune_terc IS NULL OR left(commune_terc, 4) = county_terc",
            name=op.f("ck_agreements_commune_terc"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("ck_agreements_valid_to"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (signed_on IS NOT NULL AND valid_from IS NOT NULL)",
            name=op.f("ck_agreements_signed_on"),
        ),
        sa.CheckConstraint(
            "(state = 'terminated') = (terminated_on IS NOT NULL)",
            name=op.f("ck_agreements_terminated_on"),
        ),
        sa.CheckConstraint(
            "terminated_on IS NULL OR signed_on <= terminated_on",
            name=op.f("ck_agreements_terminated_after_signed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        schema="registry",
    )
    op.create_index(
        "ix_agreements_title",
        "agreements",
        ["title", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_agreements_county_terc",
        "agreements",
        ["county_terc", "kind"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_agreements_changed_at",
        "agreements",
        ["changed_at", "id"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "agreement_signatories",
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
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("party_name", sa.Text(), nullable=False),
        sa.Column("party_kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column(
            "joined_later",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR signed_on IS NULL OR signed_on <= withdrawn_on",
            name=op.f("ck_agreement_signatories_withdrawn_on"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["registry.agreements.id"],
            name=op.f("fk_agreement_signatories_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_agreement_signatories_institution_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_signatories")),
        schema="registry",
    )
    op.create_index(
        "ix_agreement_signatories_agreement_id",
        "agreement_signatories",
        ["agreement_id", "party_name", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_agreement_signatories_institution_id",
        "agreement_signatories",
        ["institution_id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_agreement_signatories_party",
        "agreement_signatories",
        ["agreement_id", "party_name"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("withdrawn_on IS NULL"),
    )
    op.create_index(
        "uq_agreement_signatories_institution",
        "agreement_signatories",
        ["agreement_id", "institution_id"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("withdrawn_on IS NULL AND institution_id IS NOT NULL"),
    )
    op.create_table(
        "agreement_versions",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_reference", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("valid_to_before", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_agreement_versions_number")),
        sa.CheckConstraint(
            "document_sha256 ~ '^[0-9a-f]{64}$'",
            name=op.f("ck_agreement_versions_document_sha256"),
        ),
        sa.CheckConstraint(
            "(valid_to IS NULL) = (valid_to_before IS NULL) AND valid_to_before < valid_to",
            name=op.f("ck_agreement_versions_valid_to"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["registry.agreements.id"],
            name=op.f("fk_agreement_versions_agreement_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "number", name=op.f("pk_agreement_versions")
        ),
        schema="registry",
    )


def downgrade() -> None:
    op.drop_table("agreement_versions", schema="registry")
    op.drop_table("agreement_signatories", schema="registry")
    op.drop_table("agreements", schema="registry")
