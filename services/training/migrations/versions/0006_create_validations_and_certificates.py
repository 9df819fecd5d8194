"""create validations and certificates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.trust.access import row_level_security

revision = "0006"
down_revision = "0005"

_OF_GROUP = {"trainer": "group_id", "validator": "group_id", "trainee": "trainee_id"}
LOCKED = {
    "validations": _OF_GROUP,
    "validation_corrections": _OF_GROUP,
    "certificates": {"trainee": "trainee_id"},
}
"""By table the columns that relations lead to, by their kind."""


def upgrade() -> None:
    op.create_table(
        "revoked_sequences",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "revoked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_revoked_sequences")),
        schema="training",
    )
    op.create_table(
        "group_validators",
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
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["training.groups.id"],
            name=op.f("fk_group_validators_group_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_validators")),
        schema="training",
    )
    op.create_index(
        "uq_group_validators_account",
        "group_validators",
        ["group_id", "account"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "certificates",
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
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column(
            "sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="issued", nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "shows_name", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "shows_content",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("link_digest", sa.LargeBinary(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revocation_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL) AND (state = 'revoked') = (revocation_reason IS NOT NULL)",
            name=op.f("ck_certificates_revoked_at"),
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'revoked')", name=op.f("ck_certificates_state")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["training.enrolments.id"],
            name=op.f("fk_certificates_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["training.groups.id"], name=op.f("fk_certificates_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_version_id"],
            ["training.programme_versions.id"],
            name=op.f("fk_certificates_programme_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"],
            ["training.trainees.id"],
            name=op.f("fk_certificates_trainee_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        schema="training",
    )
    op.create_index(
        "ix_certificates_county_terc",
        "certificates",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_certificates_created_at",
        "certificates",
        ["created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_certificates_group_id",
        "certificates",
        ["group_id", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_certificates_trainee_id",
        "certificates",
        ["trainee_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_certificates_code", "certificates", ["code"], unique=True, schema="training"
    )
    op.create_index(
        "uq_certificates_enrolment",
        "certificates",
        ["enrolment_id"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.create_index(
        "uq_certificates_sequence",
        "certificates",
        ["sequence"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "validations",
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
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("is_achieved", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("validated_on", sa.Date(), nullable=False),
        sa.Column("validated_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["training.enrolments.id"],
            name=op.f("fk_validations_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["training.groups.id"], name=op.f("fk_validations_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"],
            ["training.learning_outcomes.id"],
            name=op.f("fk_validations_outcome_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"],
            ["training.trainees.id"],
            name=op.f("fk_validations_trainee_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validations")),
        schema="training",
    )
    op.create_index(
        "ix_validations_county_terc",
        "validations",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_validations_group_id",
        "validations",
        ["group_id", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_validations_trainee_id",
        "validations",
        ["trainee_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_validations_outcome",
        "validations",
        ["enrolment_id", "outcome_id"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "name_checks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "checked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["training.certificates.id"],
            name=op.f("fk_name_checks_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_checks")),
        schema="training",
    )
    op.create_index(
        "ix_name_checks_checked_at",
        "name_checks",
        ["certificate_id", "checked_at"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "validation_corrections",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("validation_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("was_achieved", sa.Boolean(), nullable=False),
        sa.Column("evidence_before", sa.Text(), nullable=False),
        sa.Column("validated_on_before", sa.Date(), nullable=False),
        sa.Column("validated_by_before", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column(
            "corrected_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "reason <> ''", name=op.f("ck_validation_corrections_reason")
        ),
        sa.ForeignKeyConstraint(
            ["validation_id"],
            ["training.validations.id"],
            name=op.f("fk_validation_corrections_validation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_corrections")),
        schema="training",
    )
    op.create_index(
        "ix_validation_corrections_validation_id",
        "validation_corrections",
        ["validation_id", "id"],
        unique=False,
        schema="training",
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"training.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "ix_validation_corrections_validation_id",
        table_name="validation_corrections",
        schema="training",
    )
    op.drop_table("validation_corrections", schema="training")
    op.drop_index(
        "ix_name_checks_checked_at", table_name="name_checks", schema="training"
    )
    op.drop_table("name_checks", schema="training")
    op.drop_index("uq_validations_outcome", table_name="validations", schema="training")
    op.drop_index(
        "ix_validations_trainee_id", table_name="validations", schema="training"
    )
    op.drop_index(
        "ix_validations_group_id", table_name="validations", schema="training"
    )
    op.drop_index(
        "ix_validations_county_terc", table_name="validations", schema="training"
    )
    op.drop_table("validations", schema="training")
    op.drop_index(
        "uq_certificates_sequence", table_name="certificates", schema="training"
    )
    op.drop_index(
        "uq_certificates_enrolment",
        table_name="certificates",
        schema="training",
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.drop_index("uq_certificates_code", table_name="certificates", schema="training")
    op.drop_index(
        "ix_certificates_trainee_id", table_name="certificates", schema="training"
    )
    op.drop_index(
        "ix_certificates_group_id", table_name="certificates", schema="training"
    )
    op.drop_index(
        "ix_certificates_created_at", table_name="certificates", schema="training"
    )
    op.drop_index(
        "ix_certificates_county_terc", table_name="certificates", schema="training"
    )
    op.drop_table("certificates", schema="training")
    op.drop_index(
        "uq_group_validators_account", table_name="group_validators", schema="training"
    )
    op.drop_table("group_validators", schema="training")
    op.drop_table("revoked_sequences", schema="training")
