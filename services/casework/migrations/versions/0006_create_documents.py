"""create documents."""

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import row_level_security

revision = "0006"
down_revision = "0005"


LOCKED = {
    "documents": {
        "team": "person_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
    "attachments": {
        "team": "person_id",
        "guardian": "person_id",
        "break_glass": "person_id",
    },
}
"""By table the columns that relations lead to, by their kind."""


def upgrade() -> None:
    op.create_table(
        "documents",
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
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("issuer_regon", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("handed_in_on", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "delivered_on IS NULL OR issued_on <= delivered_on",
            name=op.f("ck_documents_delivered_on"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR issued_on <= valid_to",
            name=op.f("ck_documents_valid_to"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_documents_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        schema="casework",
    )
    op.create_index(
        "ix_documents_county_terc",
        "documents",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_documents_person_id",
        "documents",
        ["person_id", "issued_on"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "uq_documents_number_of_issuer",
        "documents",
        ["county_terc", "person_id", "kind", "issuer_regon", "number"],
        unique=True,
        schema="casework",
    )
    op.create_table(
        "attachments",
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
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachments_size")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["casework.documents.id"],
            name=op.f("fk_attachments_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_attachments_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        schema="casework",
    )
    op.create_index(
        "ix_attachments_document_id",
        "attachments",
        ["document_id"],
        unique=False,
        schema="casework",
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "ix_attachments_document_id", table_name="attachments", schema="casework"
    )
    op.drop_table("attachments", schema="casework")
    op.drop_index(
        "uq_documents_number_of_issuer", table_name="documents", schema="casework"
    )
    op.drop_index("ix_documents_person_id", table_name="documents", schema="casework")
    op.drop_index("ix_documents_county_terc", table_name="documents", schema="casework")
    op.drop_table("documents", schema="casework")
