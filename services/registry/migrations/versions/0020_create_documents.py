"""create documents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

SCHEMA = "registry"


def upgrade() -> None:
    _create_documents()
    _create_versions()
    op.create_table(
        "document_parts",
        sa.Column("document_version_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_version_id"],
            ["registry.document_versions.id"],
            name=op.f("fk_document_parts_document_version_id"),
        ),
        sa.PrimaryKeyConstraint(
            "document_version_id", "part", name=op.f("pk_document_parts")
        ),
        schema=SCHEMA,
    )
    op.add_column(
        "process_run_steps",
        sa.Column("document_version_id", sa.Uuid(), nullable=True),
        schema=SCHEMA,
    )
    # Not valid: the rows of today are looked at by the next revision.
    op.execute(
        "ALTER TABLE registry.process_run_steps"
        " ADD CONSTRAINT fk_process_run_steps_document_version_id"
        " FOREIGN KEY (document_version_id)"
        " REFERENCES registry.document_versions (id) NOT VALID"
    )


def _versioned() -> list[sa.Column]:
    return [
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
    ]


def _create_documents() -> None:
    op.create_table(
        "documents",
        *_versioned(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("county_terc", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(programme_code, site_id, body_id) = 1",
            name=op.f("ck_documents_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["registry.programmes.code"],
            name=op.f("fk_documents_programme_code"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["registry.sites.id"], name=op.f("fk_documents_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["registry.bodies.id"], name=op.f("fk_documents_body_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        schema=SCHEMA,
    )
    for name, columns in (
        ("programme_code", ["programme_code"]),
        ("site_id", ["site_id"]),
        ("body_id", ["body_id"]),
        ("county_terc", ["county_terc", "kind"]),
        ("title", ["title", "id"]),
    ):
        op.create_index(f"ix_documents_{name}", "documents", columns, schema=SCHEMA)


def _create_versions() -> None:
    op.create_table(
        "document_versions",
        *_versioned(),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("authors", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("adopted_by", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_document_versions_number")),
        sa.CheckConstraint(
            "(media_type IS NULL) = (sha256 IS NULL)"
            " AND (media_type IS NULL) = (size IS NULL)",
            name=op.f("ck_document_versions_file"),
        ),
        sa.CheckConstraint(
            "sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_document_versions_sha256")
        ),
        sa.CheckConstraint(
            "adopted_on IS NULL OR (sha256 IS NOT NULL AND adopted_by IS NOT NULL"
            " AND adopted_on <= valid_from)",
            name=op.f("ck_document_versions_adopted_on"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["registry.documents.id"],
            name=op.f("fk_document_versions_document_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_versions")),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_document_versions_number",
        "document_versions",
        ["document_id", "number"],
        unique=True,
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_column("process_run_steps", "document_version_id", schema=SCHEMA)
    for table in ("document_parts", "document_versions", "documents"):
        op.drop_table(table, schema=SCHEMA)
