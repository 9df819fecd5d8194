"""create programmes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

CATALOGUE = (
    """
INSERT INTO registry.programmes
    (code, name_pl, name_en, funder, operator, starts_on, ends_on, process_code, site_level, needs_agreement,
     needs_coordinator, planned_sites, animators_per_site, spheres)
VALUES
('MWM', 'Model Wsparcia Międzysektorowego', 'Cross-Sector Support Model', NULL, NULL, NULL, NULL, 'change_process', 'county', true, true, NULL, NULL, '{}'),
('WOKRO', 'Pilotaż wiodących ośrodków koordynacyjno-rehabilitacyjno-opiekuńczych', 'Pilot of the lead coordination centres', NULL, NULL, NULL, NULL, 'wokro_pilot', 'county', false, false, NULL, NULL, '{}'),
('TMW', 'Testowy Model Współpracy', 'Test Cooperation Model', NULL, NULL, NULL, NULL, 'tmw_location', 'location', false, false, 30, 2, '{1,2,3}'),
('MLW', 'Model Lokalnej Współpracy', 'Local Cooperation Model', NULL, NULL, NULL, NULL, 'mlw', 'commune', false, false, NULL, NULL, '{}'),
('FERS', 'Cyfrowy rozwój oświaty w JST', 'Digital development of education in local authorities', 'Fundusze Europejskie dla Rozwoju Społecznego 2021–2027', 'Ośrodek Rozwoju Edukacji', DATE '2023-05-01', DATE '2026-12-31', NULL, 'location', false, false, 50, NULL, '{}')
ON CONFLICT DO NOTHING
""",
)
"""Sources 000 to 004. A participant of FERS is a commune or a county, so its sites are locations."""

_OPEN = "status IN ('candidate', 'agreement_signed', 'active')"


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("code", sa.Text(), nullable=False),
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
        sa.Column("name_pl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("process_code", sa.Text(), nullable=True),
        sa.Column("site_level", sa.Text(), nullable=False),
        sa.Column(
            "needs_agreement",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column(
            "needs_coordinator",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("planned_sites", sa.Integer(), nullable=True),
        sa.Column("animators_per_site", sa.Integer(), nullable=True),
        sa.Column(
            "spheres",
            postgresql.ARRAY(sa.Integer()),
            server_default="{}",
            nullable=False,
        ),
        sa.CheckConstraint(
            "code ~ '^[A-Z][A-Z0-9-]{1,31}$'", name=op.f("ck_programmes_code")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_programmes_ends_on"),
        ),
        sa.ForeignKeyConstraint(
            ["process_code"],
            ["registry.processes.code"],
            name=op.f("fk_programmes_process_code"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_programmes")),
        schema="registry",
    )
    op.create_index(
        "ix_programmes_process_code",
        "programmes",
        ["process_code"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "sites",
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
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("site_level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("commune_terc", sa.Text(), nullable=True),
        sa.Column("implementer", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="candidate", nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "commune_terc IS NULL OR left(commune_terc, 4) = county_terc",
            name=op.f("ck_sites_commune_terc"),
        ),
        sa.CheckConstraint(
            "(status IN ('completed', 'withdrawn')) = (ended_on IS NOT NULL)",
            name=op.f("ck_sites_ended_on"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('active', 'completed') OR started_on IS NOT NULL",
            name=op.f("ck_sites_started_on"),
        ),
        sa.CheckConstraint(
            "started_on <= ended_on", name=op.f("ck_sites_ended_after_started")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["registry.agreements.id"],
            name=op.f("fk_sites_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["registry.programmes.code"],
            name=op.f("fk_sites_programme_code"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["registry.process_runs.id"], name=op.f("fk_sites_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        schema="registry",
    )
    op.create_index(
        "ix_sites_programme_code",
        "sites",
        ["programme_code", "name", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_sites_county_terc",
        "sites",
        ["county_terc"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_sites_agreement_id",
        "sites",
        ["agreement_id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_sites_run_id", "sites", ["run_id"], unique=False, schema="registry"
    )
    op.create_index(
        "uq_sites_open_county",
        "sites",
        ["programme_code", "county_terc", "implementer"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text(f"site_level = 'county' AND {_OPEN}"),
    )
    op.create_index(
        "uq_sites_open_commune",
        "sites",
        ["programme_code", "commune_terc"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text(f"site_level = 'commune' AND {_OPEN}"),
    )
    op.create_table(
        "scope_decisions",
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
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("spheres", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("signed_by_coalition", sa.Text(), nullable=True),
        sa.Column("signed_by_coalition_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_project", sa.Text(), nullable=True),
        sa.Column("signed_by_project_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cardinality(spheres) > 0", name=op.f("ck_scope_decisions_spheres")
        ),
        sa.CheckConstraint(
            "signed_by_coalition <> signed_by_project",
            name=op.f("ck_scope_decisions_two_people"),
        ),
        sa.CheckConstraint(
            "(signed_by_coalition IS NULL) = (signed_by_coalition_at IS NULL)",
            name=op.f("ck_scope_decisions_signed_by_coalition_at"),
        ),
        sa.CheckConstraint(
            "(signed_by_project IS NULL) = (signed_by_project_at IS NULL)",
            name=op.f("ck_scope_decisions_signed_by_project_at"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["registry.sites.id"], name=op.f("fk_scope_decisions_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_decisions")),
        schema="registry",
    )
    op.create_index(
        "ix_scope_decisions_site_id",
        "scope_decisions",
        ["site_id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_scope_decisions_current",
        "scope_decisions",
        ["site_id"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    for statement in CATALOGUE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("scope_decisions", schema="registry")
    op.drop_table("sites", schema="registry")
    op.drop_table("programmes", schema="registry")
