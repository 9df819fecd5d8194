"""create partners, reviews of concepts, and materials; modules and topics get codes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "partners",
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
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_nationwide", sa.Boolean(), nullable=False),
        sa.Column("is_authority_association", sa.Boolean(), nullable=False),
        sa.Column("has_technical_capacity", sa.Boolean(), nullable=False),
        sa.Column("has_premises", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default="candidate", nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_on IS NOT NULL)",
            name=op.f("ck_partners_accepted_on"),
        ),
        sa.CheckConstraint(
            "state IN ('candidate', 'accepted')", name=op.f("ck_partners_state")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_partners_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        schema="training",
    )
    op.create_index(
        "ix_partners_name", "partners", ["name", "id"], unique=False, schema="training"
    )
    op.create_index(
        "uq_partners_name",
        "partners",
        ["programme_id", "name"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "concept_reviews",
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
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("communes", sa.Integer(), nullable=True),
        sa.Column("counties", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "CASE kind WHEN 'partner_review' THEN partner_id IS NOT NULL AND communes IS NULL AND counties IS NULL WHEN 'workshop_consultation' THEN partner_id IS NULL AND communes > 0 AND counties > 0 ELSE false END",
            name=op.f("ck_concept_reviews_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["training.partners.id"],
            name=op.f("fk_concept_reviews_partner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["training.programme_versions.id"],
            name=op.f("fk_concept_reviews_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept_reviews")),
        schema="training",
    )
    op.create_index(
        "ix_concept_reviews_held_on",
        "concept_reviews",
        ["held_on", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_concept_reviews_partner_id",
        "concept_reviews",
        ["partner_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_concept_reviews_version_id",
        "concept_reviews",
        ["version_id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "materials",
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
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("licence_spdx", sa.Text(), nullable=True),
        sa.Column("licence_name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('handbook', 'aid', 'presentation', 'exercise', 'tool', 'advisory')",
            name=op.f("ck_materials_kind"),
        ),
        sa.CheckConstraint(
            "sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_materials_sha256")
        ),
        sa.CheckConstraint(
            "use IN ('reusable', 'test_only')", name=op.f("ck_materials_use")
        ),
        sa.CheckConstraint(
            "(licence_spdx IS NULL) <> (licence_name IS NULL)",
            name=op.f("ck_materials_licence"),
        ),
        sa.CheckConstraint(
            "(media_type IS NULL) = (sha256 IS NULL) AND (media_type IS NULL) = (size IS NULL)",
            name=op.f("ck_materials_file"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_materials_size")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_materials_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["training.programme_versions.id"],
            name=op.f("fk_materials_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
        schema="training",
    )
    op.create_index(
        "ix_materials_code",
        "materials",
        ["code", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_materials_version_id",
        "materials",
        ["version_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_materials_number",
        "materials",
        ["programme_id", "code", "number"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "partner_projects",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("funding", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_for_authority_staff", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "starts_on <= ends_on", name=op.f("ck_partner_projects_ends_on")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["training.partners.id"],
            name=op.f("fk_partner_projects_partner_id"),
        ),
        sa.PrimaryKeyConstraint(
            "partner_id", "number", name=op.f("pk_partner_projects")
        ),
        schema="training",
    )
    op.create_table(
        "material_modules",
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["training.materials.id"],
            name=op.f("fk_material_modules_material_id"),
        ),
        sa.ForeignKeyConstraint(
            ["module_id"],
            ["training.programme_modules.id"],
            name=op.f("fk_material_modules_module_id"),
        ),
        sa.PrimaryKeyConstraint(
            "material_id", "module_id", name=op.f("pk_material_modules")
        ),
        schema="training",
    )
    op.create_index(
        "ix_material_modules_module_id",
        "material_modules",
        ["module_id"],
        unique=False,
        schema="training",
    )
    # In parts: a row of twenty megabytes is read whole, however little is asked of it.
    op.create_table(
        "material_parts",
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["training.materials.id"],
            name=op.f("fk_material_parts_material_id"),
        ),
        sa.PrimaryKeyConstraint("material_id", "part", name=op.f("pk_material_parts")),
        schema="training",
    )
    op.create_table(
        "review_recommendations",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (reason IS NULL) AND (state = 'open') = (decided_at IS NULL) AND (state = 'open') = (decided_by IS NULL)",
            name=op.f("ck_review_recommendations_decided"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'rejected')",
            name=op.f("ck_review_recommendations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["training.concept_reviews.id"],
            name=op.f("fk_review_recommendations_review_id"),
        ),
        sa.PrimaryKeyConstraint(
            "review_id", "number", name=op.f("pk_review_recommendations")
        ),
        schema="training",
    )
    # Rows that are there get codes that nobody else has: no other version carries them on.
    op.add_column(
        "module_topics",
        sa.Column(
            "code",
            sa.Text(),
            server_default=sa.text("(uuidv7())::text"),
            nullable=False,
        ),
        schema="training",
    )
    op.create_index(
        "uq_module_topics_code",
        "module_topics",
        ["module_id", "code"],
        unique=True,
        schema="training",
    )
    op.add_column(
        "programme_modules",
        sa.Column(
            "code",
            sa.Text(),
            server_default=sa.text("(uuidv7())::text"),
            nullable=False,
        ),
        schema="training",
    )
    op.create_index(
        "uq_programme_modules_code",
        "programme_modules",
        ["version_id", "code"],
        unique=True,
        schema="training",
    )


def downgrade() -> None:
    op.drop_index(
        "uq_programme_modules_code", table_name="programme_modules", schema="training"
    )
    op.drop_column("programme_modules", "code", schema="training")
    op.drop_index(
        "uq_module_topics_code", table_name="module_topics", schema="training"
    )
    op.drop_column("module_topics", "code", schema="training")
    op.drop_table("review_recommendations", schema="training")
    op.drop_table("material_parts", schema="training")
    op.drop_index(
        "ix_material_modules_module_id",
        table_name="material_modules",
        schema="training",
    )
    op.drop_table("material_modules", schema="training")
    op.drop_table("partner_projects", schema="training")
    op.drop_index("uq_materials_number", table_name="materials", schema="training")
    op.drop_index("ix_materials_version_id", table_name="materials", schema="training")
    op.drop_index("ix_materials_code", table_name="materials", schema="training")
    op.drop_table("materials", schema="training")
    op.drop_index(
        "ix_concept_reviews_version_id", table_name="concept_reviews", schema="training"
    )
    op.drop_index(
        "ix_concept_reviews_partner_id", table_name="concept_reviews", schema="training"
    )
    op.drop_index(
        "ix_concept_reviews_held_on", table_name="concept_reviews", schema="training"
    )
    op.drop_table("concept_reviews", schema="training")
    op.drop_index("uq_partners_name", table_name="partners", schema="training")
    op.drop_index("ix_partners_name", table_name="partners", schema="training")
    op.drop_table("partners", schema="training")
