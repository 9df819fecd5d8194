"""create processes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CATALOGUE = (
    """
INSERT INTO registry.processes (code, name_pl, name_en, source) VALUES
('change_process', 'Osiem kroków zmiany', 'Eight steps of change', 'source 000: structural perspective of the cross-sector support model'),
('pckz_formation', 'Powstawanie powiatowego centrum koordynacji zasobów', 'Formation of a county resource coordination centre', 'source 000: measures taken in local authorities'),
('mlw', 'Budowa modelu lokalnej współpracy', 'Building the local cooperation model', 'source 004: essence of the local cooperation model'),
('tmw_location', 'Test modelu współpracy w lokalizacji', 'Test of the cooperation model at a location', 'source 002: modules on testing, change, extension and abandonment'),
('rpwp_formation', 'Tworzenie regionalnej platformy współpracy', 'Formation of a regional cooperation platform', 'source 004: way of forming the platform'),
('wokro_pilot', 'Pilotaż wiodącego ośrodka', 'Pilot of the lead coordination centre', 'source 001: activities of the pilot')
ON CONFLICT DO NOTHING
""",
    """
INSERT INTO registry.process_steps (process_code, code, position, name_pl, name_en, is_ending, comes_any_time) VALUES
('change_process', 'reasons_shown', 1, 'Pokazano, dlaczego zmiana jest potrzebna', 'Reasons for the change shown', false, false),
('change_process', 'agreements_concluded', 2, 'Zawarto porozumienia z powiatami', 'Agreements with counties concluded', false, false),
('change_process', 'joint_design', 3, 'Rozwiązania zaprojektowano wspólnie', 'Solutions designed jointly', false, false),
('change_process', 'implementation', 4, 'Rozwiązania wdrożono', 'Solutions implemented', false, false),
('change_process', 'good_practice_communicated', 5, 'Dobre praktyki upowszechniono', 'Good practice communicated', false, false),
('change_process', 'evaluation', 6, 'Proces oceniono', 'Process evaluated', false, false),
('change_process', 'model_developed', 7, 'Opracowano model zróżnicowany co do ludności i zasobów', 'Model for diverse populations and resources developed', false, false),
('change_process', 'change_consolidated', 8, 'Zmianę utrwalono', 'Change consolidated', true, false),
('pckz_formation', 'persons_and_units_designated', 1, 'Wyznaczono osoby i jednostki', 'Persons and units designated', false, false),
('pckz_formation', 'support_network_created', 2, 'Utworzono sieć wsparcia', 'Support network created', false, false),
('pckz_formation', 'rules_team_appointed', 3, 'Powołano zespół do opracowania zasad', 'Team for the rules appointed', false, false),
('pckz_formation', 'centre_established', 4, 'Powołano centrum', 'Centre established', false, false),
('pckz_formation', 'staff_trained', 5, 'Przeszkolono pracowników', 'Staff trained', true, false),
('mlw', 'stakeholder_cooperation', 1, 'Interesariusze współpracują', 'Stakeholders cooperate', false, false),
('mlw', 'cooperation_rules', 2, 'Ustalono zasady i powołano zespół synergii lokalnej', 'Rules agreed and local synergy team founded', false, false),
('mlw', 'diagnosis', 3, 'Rozpoznano siły i możliwości', 'Strengths and possibilities diagnosed', false, false),
('mlw', 'variant_analysis', 4, 'Rozważono wariant utworzenia podmiotu', 'Variant of creating an entity analysed', false, false),
('mlw', 'entity_creation', 5, 'Utworzono podmiot zatrudnienia socjalnego', 'Social employment entity created', false, false),
('mlw', 'pact', 6, 'Zawiązano pakt', 'Pact concluded', true, false),
('tmw_location', 'diagnosis', 1, 'Diagnoza lokalna', 'Local diagnosis', false, false),
('tmw_location', 'scope_decision', 2, 'Decyzja o zakresie', 'Decision on the scope', false, false),
('tmw_location', 'testing', 3, 'Testowanie', 'Testing', false, false),
('tmw_location', 'change', 4, 'Wprowadzenie zmian', 'Change', false, false),
('tmw_location', 'evaluation', 5, 'Ewaluacja', 'Evaluation', false, false),
('tmw_location', 'extended', 6, 'Wdrożenie rozszerzono', 'Implementation extended', true, false),
('tmw_location', 'abandoned', 6, 'Wdrożenia zaniechano', 'Implementation abandoned', true, true),
('rpwp_formation', 'letter_of_intent', 1, 'List intencyjny', 'Letter of intent', false, false),
('rpwp_formation', 'first_meeting', 2, 'Pierwsze wspólne spotkanie', 'First joint meeting', false, false),
('rpwp_formation', 'schedule_and_diagnosis', 3, 'Harmonogram prac i wstępna diagnoza', 'Schedule of work and initial diagnosis', false, false),
('rpwp_formation', 'cyclic_work', 4, 'Cykliczne prace doradczo-analityczne', 'Cyclical advisory and analytical work', false, false),
('rpwp_formation', 'communications', 5, 'Komunikaty i informacje', 'Communiqués and information', true, false),
('wokro_pilot', 'coordination', 1, 'Koordynacja', 'Coordination', false, false),
('wokro_pilot', 'resource_analysis', 2, 'Analiza zasobów', 'Analysis of resources', false, false),
('wokro_pilot', 'network_building', 3, 'Budowa sieci', 'Building of the network', false, false),
('wokro_pilot', 'implementation_and_verification', 4, 'Wdrożenie i weryfikacja', 'Implementation and verification', true, false)
ON CONFLICT DO NOTHING
""",
)


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("name_pl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_processes")),
        schema="registry",
    )
    op.create_table(
        "process_steps",
        sa.Column("process_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_pl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column(
            "is_ending", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "comes_any_time",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["process_code"],
            ["registry.processes.code"],
            name=op.f("fk_process_steps_process_code"),
        ),
        sa.PrimaryKeyConstraint("process_code", "code", name=op.f("pk_process_steps")),
        schema="registry",
    )
    op.create_table(
        "process_runs",
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
        sa.Column("process_code", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_code"],
            ["registry.processes.code"],
            name=op.f("fk_process_runs_process_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_runs")),
        schema="registry",
    )
    op.create_index(
        "ix_process_runs_process_code",
        "process_runs",
        ["process_code", "county_terc"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "process_run_steps",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("step_code", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Text(), nullable=True),
        sa.Column("taken_back_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('done', 'skipped')", name=op.f("ck_process_run_steps_outcome")
        ),
        sa.CheckConstraint(
            "outcome = 'done' OR reason IS NOT NULL",
            name=op.f("ck_process_run_steps_reason"),
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)"
            " AND (taken_back_at IS NULL) = (taken_back_reason IS NULL)",
            name=op.f("ck_process_run_steps_taken_back"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["registry.process_runs.id"],
            name=op.f("fk_process_run_steps_run_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_run_steps")),
        schema="registry",
    )
    op.create_index(
        "ix_process_run_steps_run_id",
        "process_run_steps",
        ["run_id", "recorded_at"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_process_run_steps_standing",
        "process_run_steps",
        ["run_id", "step_code"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )
    for statement in CATALOGUE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("process_run_steps", schema="registry")
    op.drop_table("process_runs", schema="registry")
    op.drop_table("process_steps", schema="registry")
    op.drop_table("processes", schema="registry")
