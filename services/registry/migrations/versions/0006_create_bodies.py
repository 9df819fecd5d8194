"""create bodies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

CATALOGUE = (
    """
INSERT INTO registry.composition_rules (code, body_kind, is_default, name_pl, name_en, source) VALUES
('rpwp_pilot', 'county_cooperation_platform', true, 'Pilotażowa reprezentacja powiatu', 'Representation of a county in the pilot', 'source 004: five representatives in the pilot phase'),
('rpw', 'regional_cooperation_platform', true, 'Reprezentacja województwa', 'Representation of a voivodeship', 'source 004: four groups, without a head-count'),
('local_synergy_team', 'local_synergy_team', true, 'Zespół interesariuszy gminy', 'Team of a commune''s stakeholders', 'source 004 names stakeholders; at least two is a proposal'),
('pckz_team', 'county_resource_coordination_centre', true, 'Zespół centrum', 'Team of the centre', 'proposal: source 000 names persons and units and gives no numbers')
ON CONFLICT DO NOTHING
""",
    """
INSERT INTO registry.composition_groups
    (rule_code, code, position, name_pl, name_en, minimum, maximum, of_institutions, delegating_kind) VALUES
('rpwp_pilot', 'county_employment_council', 1, 'Powiatowa rada zatrudnienia', 'County employment council', 2, 2, false, NULL),
('rpwp_pilot', 'county_public_benefit_council', 2, 'Powiatowa rada pożytku publicznego', 'County public benefit council', 2, 2, false, NULL),
('rpwp_pilot', 'local_synergy_team', 3, 'Zespół synergii lokalnej', 'Local synergy team', 1, 1, false, 'local_synergy_team'),
('rpw', 'voivodeship_employment_council', 1, 'Wojewódzka rada zatrudnienia', 'Voivodeship employment council', 1, NULL, false, NULL),
('rpw', 'voivodeship_public_benefit_council', 2, 'Wojewódzka rada pożytku publicznego', 'Voivodeship public benefit council', 1, NULL, false, NULL),
('rpw', 'regional_administration', 3, 'Administracja marszałka i wojewody', 'Administration of the marshal and the voivode', 1, NULL, false, NULL),
('rpw', 'county_platforms', 4, 'Platformy współpracy powiatów', 'Cooperation platforms of counties', 1, NULL, false, 'county_cooperation_platform'),
('local_synergy_team', 'stakeholders', 1, 'Interesariusze', 'Stakeholders', 2, NULL, true, NULL),
('pckz_team', 'coordinator', 1, 'Koordynator', 'Coordinator', 1, 1, false, NULL),
('pckz_team', 'unit_representatives', 2, 'Przedstawiciele jednostek', 'Representatives of units', 1, NULL, true, NULL)
ON CONFLICT DO NOTHING
""",
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


def upgrade() -> None:
    _create_rules()
    _create_bodies()
    _create_members()
    _create_meetings_and_communiques()
    for statement in CATALOGUE:
        op.execute(statement)


def _create_rules() -> None:
    op.create_table(
        "composition_rules",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("body_kind", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("name_pl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_composition_rules")),
        schema="registry",
    )
    op.create_index(
        "uq_composition_rules_default",
        "composition_rules",
        ["body_kind"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "composition_groups",
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_pl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("of_institutions", sa.Boolean(), nullable=False),
        sa.Column("delegating_kind", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "0 <= minimum AND (maximum IS NULL OR minimum <= maximum)",
            name=op.f("ck_composition_groups_head_count"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_code"],
            ["registry.composition_rules.code"],
            name=op.f("fk_composition_groups_rule_code"),
        ),
        sa.PrimaryKeyConstraint(
            "rule_code", "code", name=op.f("pk_composition_groups")
        ),
        schema="registry",
    )


def _create_bodies() -> None:
    op.create_table(
        "bodies",
        *_versioned(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("voivodeship_terc", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=True),
        sa.Column("commune_terc", sa.Text(), nullable=True),
        sa.Column("composition_rule", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column("dissolving_reason", sa.Text(), nullable=True),
        sa.Column(
            "seat_terc",
            sa.Text(),
            sa.Computed(
                "coalesce(commune_terc, county_terc, voivodeship_terc)", persisted=True
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'regional_cooperation_platform') = (county_terc IS NULL)",
            name=op.f("ck_bodies_county_terc"),
        ),
        sa.CheckConstraint(
            "(kind = 'local_synergy_team') = (commune_terc IS NOT NULL)",
            name=op.f("ck_bodies_commune_terc"),
        ),
        sa.CheckConstraint(
            "left(county_terc, 2) = voivodeship_terc",
            name=op.f("ck_bodies_voivodeship_terc"),
        ),
        sa.CheckConstraint(
            "left(commune_terc, 4) = county_terc",
            name=op.f("ck_bodies_commune_of_county"),
        ),
        sa.CheckConstraint(
            "dissolved_on IS NULL OR founded_on <= dissolved_on",
            name=op.f("ck_bodies_dissolved_on"),
        ),
        sa.ForeignKeyConstraint(
            ["composition_rule"],
            ["registry.composition_rules.code"],
            name=op.f("fk_bodies_composition_rule"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["registry.process_runs.id"], name=op.f("fk_bodies_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bodies")),
        schema="registry",
    )
    op.create_index(
        "ix_bodies_composition_rule",
        "bodies",
        ["composition_rule"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_bodies_county_terc",
        "bodies",
        ["county_terc", "kind"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_bodies_name", "bodies", ["name", "id"], unique=False, schema="registry"
    )
    op.create_index(
        "ix_bodies_run_id", "bodies", ["run_id"], unique=False, schema="registry"
    )
    op.create_index(
        "ix_bodies_voivodeship_terc",
        "bodies",
        ["voivodeship_terc", "kind"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_bodies_open",
        "bodies",
        ["kind", "seat_terc"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("dissolved_on IS NULL"),
    )


def _create_members() -> None:
    op.create_table(
        "body_members",
        *_versioned(),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("delegating_body_id", sa.Uuid(), nullable=True),
        sa.Column("person_role", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("held_to", sa.Date(), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "held_to IS NULL OR held_from <= held_to",
            name=op.f("ck_body_members_held_to"),
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["registry.bodies.id"], name=op.f("fk_body_members_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["delegating_body_id"],
            ["registry.bodies.id"],
            name=op.f("fk_body_members_delegating_body_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_body_members_institution_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_members")),
        schema="registry",
    )
    op.create_index(
        "ix_body_members_body_id",
        "body_members",
        ["body_id", "held_from"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_body_members_delegating_body_id",
        "body_members",
        ["delegating_body_id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_body_members_institution_id",
        "body_members",
        ["institution_id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_body_members_subject",
        "body_members",
        ["body_id", "subject"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("held_to IS NULL"),
    )


def _create_meetings_and_communiques() -> None:
    op.create_table(
        "body_meetings",
        *_versioned(),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cancelling_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "held_on IS NULL OR cancelling_reason IS NULL",
            name=op.f("ck_body_meetings_held_on"),
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["registry.bodies.id"], name=op.f("fk_body_meetings_body_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_meetings")),
        schema="registry",
    )
    op.create_index(
        "ix_body_meetings_body_id",
        "body_meetings",
        ["body_id", "planned_on"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "body_communiques",
        *_versioned(),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("recipients", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"],
            ["registry.bodies.id"],
            name=op.f("fk_body_communiques_body_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_communiques")),
        schema="registry",
    )
    op.create_index(
        "ix_body_communiques_body_id",
        "body_communiques",
        ["body_id", "issued_on"],
        unique=False,
        schema="registry",
    )


def downgrade() -> None:
    for table in (
        "body_communiques",
        "body_meetings",
        "body_members",
        "bodies",
        "composition_groups",
    ):
        op.drop_table(table, schema="registry")
    op.drop_table("composition_rules", schema="registry")
