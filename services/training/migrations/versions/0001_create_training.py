"""create training."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.migrating import chassis_statements
from services.chassis.trust.access import relations_security, row_level_security

revision = "0001"
down_revision = None

LOCKED: dict[str, dict[str, str]] = {
    "enrolments": {
        "trainer": "group_id",
        "trainee": "trainee_id",
        "validator": "group_id",
    },
}
"""By table the columns that relations lead to, by their kind."""
# A trainer sees the people of own groups by their enrolments, whose own policy says which these are.
SEEN_BY_ENROLMENT = """
CREATE POLICY by_enrolment ON training.trainees FOR SELECT
USING (EXISTS (SELECT FROM training.enrolments WHERE enrolments.trainee_id = trainees.id))
"""


def _chassis() -> None:
    op.create_table(
        "audit_leaves",
        sa.Column(
            "sequence",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="from 1, without gaps",
        ),
        sa.Column("audit_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_leaves")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_audit_leaves_audit_id")),
        schema="training",
    )
    op.create_table(
        "audit_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.Column(
            "xid",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id())::text::bigint"),
            nullable=False,
            comment="the transaction that wrote it: whoever seals finds what is new",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
        schema="training",
    )
    op.create_index(
        "ix_audit_records_action",
        "audit_records",
        ["action", "recorded_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_audit_records_actor",
        "audit_records",
        ["actor", "recorded_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_audit_records_county_terc",
        "audit_records",
        ["county_terc", "recorded_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_audit_records_recorded_at",
        "audit_records",
        ["recorded_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_audit_records_subject_recorded_at",
        "audit_records",
        ["subject", "recorded_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_audit_records_xid",
        "audit_records",
        ["xid", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "audit_seals",
        sa.Column(
            "size",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="records in the log",
        ),
        sa.Column("previous", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "peaks", sa.LargeBinary(), nullable=False, comment="where the tree goes on"
        ),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.CheckConstraint("previous < size", name=op.f("ck_audit_seals_grows")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_seals_previous")),
        schema="training",
    )
    op.create_table(
        "events",
        sa.Column(
            "position", sa.BigInteger(), sa.Identity(always=True), nullable=False
        ),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=True,
            comment="given after commit, without gaps; NULL until then",
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
        sa.UniqueConstraint("sequence", name=op.f("uq_events_sequence")),
        schema="training",
    )
    op.create_index(
        "ix_events_unsequenced",
        "events",
        ["position"],
        unique=False,
        schema="training",
        postgresql_where=sa.text("sequence IS NULL"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.ARRAY(sa.Text(), dimensions=2), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("subject", "key", name=op.f("pk_idempotency_keys")),
        schema="training",
    )
    op.create_index(
        "ix_idempotency_keys_created_at",
        "idempotency_keys",
        ["created_at"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "state", sa.Text(), server_default=sa.text("'queued'"), nullable=False
        ),
        sa.Column(
            "parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column(
            "requester",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="what the caller was allowed to do when asking",
        ),
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.Column(
            "progress_done",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("progress_total", sa.BigInteger(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "problem",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="by language",
        ),
        sa.Column(
            "attempts", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        schema="training",
    )
    op.create_index(
        "ix_jobs_requested_by",
        "jobs",
        ["requested_by", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "relations",
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "holder", "kind", "object_id", name=op.f("pk_relations")
        ),
        schema="training",
    )
    op.create_index(
        "ix_relations_object_id",
        "relations",
        ["object_id", "kind"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["training.jobs.id"],
            name=op.f("fk_job_files_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "part", name=op.f("pk_job_files")),
        schema="training",
    )
    op.create_table(
        "job_problems",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("pointer", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["training.jobs.id"],
            name=op.f("fk_job_problems_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_problems")),
        schema="training",
    )


def _programmes() -> None:
    op.create_table(
        "programmes",
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
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("contractor", sa.Text(), nullable=False),
        sa.Column("enrolment_rule", sa.Text(), nullable=False),
        sa.Column("trainees_per_location", sa.Integer(), nullable=True),
        sa.Column("smallest_team", sa.Integer(), nullable=True),
        sa.Column("largest_team", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "enrolment_rule IN ('social_employment', 'authority_team', 'coordinators', 'open')",
            name=op.f("ck_programmes_enrolment_rule"),
        ),
        sa.CheckConstraint(
            "(smallest_team IS NULL) = (largest_team IS NULL) AND smallest_team BETWEEN 1 AND largest_team",
            name=op.f("ck_programmes_smallest_team"),
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_programmes_ends_on")),
        sa.CheckConstraint(
            "trainees_per_location > 0",
            name=op.f("ck_programmes_trainees_per_location"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        schema="training",
    )
    op.create_index(
        "ix_programmes_changed_at",
        "programmes",
        ["changed_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_programmes_code", "programmes", ["code"], unique=True, schema="training"
    )
    op.create_table(
        "programme_versions",
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
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("group_capacity", sa.Integer(), nullable=False),
        sa.Column("attendance_percent", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_agreed_by", sa.Text(), nullable=True),
        sa.Column("contractor_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contractor_agreed_by", sa.Text(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed') OR (client_agreed_at IS NOT NULL AND contractor_agreed_at IS NOT NULL)",
            name=op.f("ck_programme_versions_agreed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'agreed', 'retired')",
            name=op.f("ck_programme_versions_state"),
        ),
        sa.CheckConstraint(
            "attendance_percent BETWEEN 0 AND 100",
            name=op.f("ck_programme_versions_attendance_percent"),
        ),
        sa.CheckConstraint(
            "group_capacity > 0", name=op.f("ck_programme_versions_group_capacity")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_programme_versions_number")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_programme_versions_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_versions")),
        schema="training",
    )
    op.create_index(
        "uq_programme_versions_agreed",
        "programme_versions",
        ["programme_id"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("state = 'agreed'"),
    )
    op.create_index(
        "uq_programme_versions_number",
        "programme_versions",
        ["programme_id", "number"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "programme_modules",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("goal_pl", sa.Text(), nullable=False),
        sa.Column("goal_en", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_test_specific", sa.Boolean(), nullable=False),
        sa.Column("sphere", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "form IN ('workshop', 'workshop_with_lecture', 'lecture', 'seminar', 'self_study')",
            name=op.f("ck_programme_modules_form"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_programme_modules_minutes")),
        sa.CheckConstraint("number > 0", name=op.f("ck_programme_modules_number")),
        sa.CheckConstraint(
            "sphere BETWEEN 1 AND 3", name=op.f("ck_programme_modules_sphere")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["training.programme_versions.id"],
            name=op.f("fk_programme_modules_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_modules")),
        schema="training",
    )
    op.create_index(
        "uq_programme_modules_number",
        "programme_modules",
        ["version_id", "number"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "learning_outcomes",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text_pl", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("criterion_pl", sa.Text(), nullable=False),
        sa.Column("criterion_en", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column(
            "is_required", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.CheckConstraint(
            "method IN ('test', 'task', 'observation', 'interview', 'portfolio')",
            name=op.f("ck_learning_outcomes_method"),
        ),
        sa.ForeignKeyConstraint(
            ["module_id"],
            ["training.programme_modules.id"],
            name=op.f("fk_learning_outcomes_module_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_outcomes")),
        schema="training",
    )
    op.create_index(
        "uq_learning_outcomes_code",
        "learning_outcomes",
        ["module_id", "code"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "module_topics",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("is_test_specific", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_module_topics_number")),
        sa.ForeignKeyConstraint(
            ["module_id"],
            ["training.programme_modules.id"],
            name=op.f("fk_module_topics_module_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_topics")),
        schema="training",
    )
    op.create_index(
        "uq_module_topics_number",
        "module_topics",
        ["module_id", "number"],
        unique=True,
        schema="training",
    )


def _people() -> None:
    op.create_table(
        "rooms",
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
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("is_step_free", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_rooms_county_terc")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_rooms_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        schema="training",
    )
    op.create_index(
        "ix_rooms_county_terc",
        "rooms",
        ["county_terc"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_rooms_name", "rooms", ["name", "id"], unique=False, schema="training"
    )
    op.create_table(
        "trainers",
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
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("competences", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('trainer', 'external_expert')", name=op.f("ck_trainers_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainers")),
        schema="training",
    )
    op.create_index(
        "ix_trainers_changed_at",
        "trainers",
        ["changed_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_trainers_family_name",
        "trainers",
        ["family_name", "given_name", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_trainers_account",
        "trainers",
        ["account"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("account IS NOT NULL"),
    )
    op.create_table(
        "authorities",
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
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("terc", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_running_body", sa.Boolean(), nullable=False),
        sa.Column("is_at_risk", sa.Boolean(), nullable=False),
        sa.Column("risk_source", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="recruited", nullable=False),
        sa.Column("recruited_on", sa.Date(), nullable=False),
        sa.Column("adviser_account", sa.Text(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'county') = (length(terc) = 4) AND kind IN ('county', 'commune')",
            name=op.f("ck_authorities_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('recruited', 'trained', 'diagnosis_ready', 'plan_ready', 'implementation_started', 'monitored', 'post_project_monitored', 'withdrawn')",
            name=op.f("ck_authorities_state"),
        ),
        sa.CheckConstraint(
            "terc ~ '^[0-9]{4}([0-9]{3})?$' AND left(terc, 4) = county_terc",
            name=op.f("ck_authorities_terc"),
        ),
        sa.CheckConstraint(
            "is_at_risk = (risk_source IS NOT NULL)",
            name=op.f("ck_authorities_risk_source"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_authorities_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorities")),
        schema="training",
    )
    op.create_index(
        "ix_authorities_county_terc",
        "authorities",
        ["county_terc"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_authorities_name",
        "authorities",
        ["name", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_authorities_terc",
        "authorities",
        ["programme_id", "terc"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "trainees",
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
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("organisation_type", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("target_group", sa.Text(), nullable=True),
        sa.Column("audience_role", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_trainees_county_terc")
        ),
        sa.CheckConstraint(
            "relation IN ('employee', 'personnel', 'seconded')",
            name=op.f("ck_trainees_relation"),
        ),
        sa.CheckConstraint("sex IN ('female', 'male')", name=op.f("ck_trainees_sex")),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["training.authorities.id"],
            name=op.f("fk_trainees_authority_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainees")),
        schema="training",
    )
    op.create_index(
        "ix_trainees_authority_id",
        "trainees",
        ["authority_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_trainees_county_terc",
        "trainees",
        ["county_terc", "family_name", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_trainees_site_id", "trainees", ["site_id"], unique=False, schema="training"
    )
    op.create_index(
        "uq_trainees_account",
        "trainees",
        ["account"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("account IS NOT NULL"),
    )
    op.create_index(
        "uq_trainees_external_id",
        "trainees",
        ["county_terc", "source", "external_id"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )


def _groups() -> None:
    op.create_table(
        "groups",
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
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'cancelled') = (reason IS NOT NULL)",
            name=op.f("ck_groups_reason"),
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_groups_county_terc")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'running', 'completed', 'cancelled')",
            name=op.f("ck_groups_state"),
        ),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_groups_capacity")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_groups_ends_on")),
        sa.ForeignKeyConstraint(
            ["programme_version_id"],
            ["training.programme_versions.id"],
            name=op.f("fk_groups_programme_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        schema="training",
    )
    op.create_index(
        "ix_groups_county_terc",
        "groups",
        ["county_terc"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_groups_starts_on",
        "groups",
        ["starts_on", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "uq_groups_code",
        "groups",
        ["programme_version_id", "code"],
        unique=True,
        schema="training",
    )
    op.create_table(
        "enrolments",
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
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False
        ),
        sa.Column(
            "is_preferred",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("preference", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state <> 'rejected' OR reason IS NOT NULL",
            name=op.f("ck_enrolments_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('applied', 'accepted', 'waitlisted', 'rejected', 'attending', 'completed', 'withdrawn')",
            name=op.f("ck_enrolments_state"),
        ),
        sa.CheckConstraint(
            "is_preferred = (preference IS NOT NULL)",
            name=op.f("ck_enrolments_preference"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["training.groups.id"], name=op.f("fk_enrolments_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"],
            ["training.trainees.id"],
            name=op.f("fk_enrolments_trainee_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        schema="training",
    )
    op.create_index(
        "ix_enrolments_county_terc",
        "enrolments",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_enrolments_created_at",
        "enrolments",
        ["created_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_enrolments_trainee_id",
        "enrolments",
        ["trainee_id"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_enrolments_waiting",
        "enrolments",
        ["group_id", sa.literal_column("is_preferred DESC"), "sequence"],
        unique=False,
        schema="training",
        postgresql_where=sa.text("state = 'waitlisted'"),
    )
    op.create_index(
        "uq_enrolments_trainee_in_group",
        "enrolments",
        ["group_id", "trainee_id"],
        unique=True,
        schema="training",
        postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn')"),
    )
    op.create_table(
        "group_trainers",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["training.groups.id"],
            name=op.f("fk_group_trainers_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"],
            ["training.trainers.id"],
            name=op.f("fk_group_trainers_trainer_id"),
        ),
        sa.PrimaryKeyConstraint(
            "group_id", "trainer_id", name=op.f("pk_group_trainers")
        ),
        schema="training",
    )
    op.create_index(
        "ix_group_trainers_trainer_id",
        "group_trainers",
        ["trainer_id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "sessions",
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
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("module_id", sa.Uuid(), nullable=True),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("audience_role", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_sessions_county_terc")
        ),
        sa.CheckConstraint(
            "minutes * interval '1 minute' <= ends_at - starts_at",
            name=op.f("ck_sessions_minutes_fit"),
        ),
        sa.CheckConstraint(
            "mode = 'on_site' OR room_id IS NULL", name=op.f("ck_sessions_room")
        ),
        sa.CheckConstraint(
            "mode IN ('online', 'on_site')", name=op.f("ck_sessions_mode")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'cancelled')", name=op.f("ck_sessions_state")
        ),
        sa.CheckConstraint(
            "group_id IS NOT NULL OR audience_role IS NOT NULL",
            name=op.f("ck_sessions_audience"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_sessions_minutes")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_sessions_ends_at")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["training.groups.id"], name=op.f("fk_sessions_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"],
            ["training.programme_modules.id"],
            name=op.f("fk_sessions_module_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training.programmes.id"],
            name=op.f("fk_sessions_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["training.rooms.id"], name=op.f("fk_sessions_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        schema="training",
    )
    op.create_index(
        "ix_sessions_group_id",
        "sessions",
        ["group_id", "starts_at"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_sessions_room_id",
        "sessions",
        ["room_id", "starts_at"],
        unique=False,
        schema="training",
    )
    op.create_index(
        "ix_sessions_starts_at",
        "sessions",
        ["starts_at", "id"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "session_trainers",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training.sessions.id"],
            name=op.f("fk_session_trainers_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"],
            ["training.trainers.id"],
            name=op.f("fk_session_trainers_trainer_id"),
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "trainer_id", name=op.f("pk_session_trainers")
        ),
        schema="training",
    )
    op.create_index(
        "ix_session_trainers_trainer_id",
        "session_trainers",
        ["trainer_id"],
        unique=False,
        schema="training",
    )


def upgrade() -> None:
    _chassis()
    _programmes()
    _people()
    _groups()
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"training.{table}", objects):
            op.execute(statement)
    for statement in row_level_security("training.trainees", {"trainee": "id"}):
        op.execute(statement)
    op.execute(SEEN_BY_ENROLMENT)
    for statement in (*relations_security("training"), *chassis_statements("training")):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first revision is undone by dropping the schema")
