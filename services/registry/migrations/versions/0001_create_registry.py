"""create registry."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.migrating import chassis_statements

revision = "0001"
down_revision = None


def upgrade() -> None:
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
        schema="registry",
    )
    op.create_index(
        "ix_audit_records_subject",
        "audit_records",
        ["subject"],
        unique=False,
        schema="registry",
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
        schema="registry",
    )
    op.create_index(
        "ix_events_unsequenced",
        "events",
        ["position"],
        unique=False,
        schema="registry",
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
        schema="registry",
    )
    op.create_index(
        "ix_idempotency_keys_created_at",
        "idempotency_keys",
        ["created_at"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "institutions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("ownership", sa.Text(), nullable=True),
        sa.Column("reference_level", sa.Text(), nullable=True),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("commune_terc", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("post_office", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("rspo", sa.Text(), nullable=True),
        sa.Column("regon", sa.Text(), nullable=True),
        sa.Column("nip", sa.Text(), nullable=True),
        sa.Column("krs", sa.Text(), nullable=True),
        sa.Column("running_body", sa.Text(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("enrolled", sa.Integer(), nullable=True),
        sa.Column("is_accessible", sa.Boolean(), nullable=True),
        sa.Column(
            "accessibility",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), server_default="manual", nullable=False),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
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
        sa.Column(
            "folded_name",
            sa.Text(),
            sa.Computed(
                "translate(lower(name), 'ąćęłńóśźż', 'acelnoszz')", persisted=True
            ),
            nullable=False,
        ),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple', translate(lower((coalesce(name, '') || ' ' || coalesce(locality, '') || ' ' || coalesce(street, '') || ' ' || coalesce(rspo, '') || ' ' || coalesce(regon, ''))), 'ąćęłńóśźż', 'acelnoszz'))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_institutions_county_terc")
        ),
        sa.CheckConstraint(
            "reference_level IS NULL OR sector = 'health'",
            name=op.f("ck_institutions_reference_level"),
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)",
            name=op.f("ck_institutions_point"),
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR opened_on IS NULL OR opened_on <= closed_on",
            name=op.f("ck_institutions_closed_on"),
        ),
        sa.CheckConstraint(
            "commune_terc IS NULL OR left(commune_terc, 4) = county_terc",
            name=op.f("ck_institutions_commune_terc"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
        sa.UniqueConstraint("rspo", name="uq_institutions_rspo"),
        sa.UniqueConstraint(
            "source", "source_key", name="uq_institutions_source_source_key"
        ),
        schema="registry",
    )
    op.create_index(
        "ix_institutions_changed_at",
        "institutions",
        ["changed_at", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_institutions_county_terc",
        "institutions",
        ["county_terc", "folded_name", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_institutions_name",
        "institutions",
        ["folded_name", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_institutions_nip", "institutions", ["nip"], unique=False, schema="registry"
    )
    op.create_index(
        "ix_institutions_regon",
        "institutions",
        ["regon"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_institutions_search",
        "institutions",
        ["search"],
        unique=False,
        schema="registry",
        postgresql_using="gin",
    )
    op.create_index(
        "ix_institutions_type",
        "institutions",
        ["type", "folded_name", "id"],
        unique=False,
        schema="registry",
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
        schema="registry",
    )
    op.create_index(
        "ix_jobs_requested_by",
        "jobs",
        ["requested_by", "created_at", "id"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "territorial_units",
        sa.Column("terc", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_terc", sa.Text(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("urban_population", sa.Integer(), nullable=True),
        sa.Column("population_on", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "folded_name",
            sa.Text(),
            sa.Computed(
                "translate(lower(name), 'ąćęłńóśźż', 'acelnoszz')", persisted=True
            ),
            nullable=False,
        ),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple', translate(lower((coalesce(name, '') || ' ' || coalesce(terc, ''))), 'ąćęłńóśźż', 'acelnoszz'))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "terc ~ '^[0-9]{2}([0-9]{2}([0-9]{3})?)?$'",
            name=op.f("ck_territorial_units_terc"),
        ),
        sa.CheckConstraint(
            "urban_population <= population",
            name=op.f("ck_territorial_units_urban_population"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_terc"],
            ["registry.territorial_units.terc"],
            name=op.f("fk_territorial_units_parent_terc"),
        ),
        sa.PrimaryKeyConstraint("terc", name=op.f("pk_territorial_units")),
        schema="registry",
    )
    op.create_index(
        "ix_territorial_units_level",
        "territorial_units",
        ["level", "terc"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_territorial_units_parent_terc",
        "territorial_units",
        ["parent_terc"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_territorial_units_search",
        "territorial_units",
        ["search"],
        unique=False,
        schema="registry",
        postgresql_using="gin",
    )
    op.create_table(
        "institution_functions",
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
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("held_to", sa.Date(), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "held_to IS NULL OR held_from < held_to",
            name=op.f("ck_institution_functions_held_to"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_institution_functions_institution_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_functions")),
        schema="registry",
    )
    op.create_index(
        "ix_institution_functions_county_terc",
        "institution_functions",
        ["county_terc", "kind"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_institution_functions_institution_id",
        "institution_functions",
        ["institution_id", "held_from"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "uq_institution_functions_open",
        "institution_functions",
        ["county_terc", "kind"],
        unique=True,
        schema="registry",
        postgresql_where=sa.text("held_to IS NULL AND kind IN ('wokro', 'pckz')"),
    )
    op.create_table(
        "institution_history",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("ownership", sa.Text(), nullable=True),
        sa.Column("reference_level", sa.Text(), nullable=True),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("commune_terc", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("post_office", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("rspo", sa.Text(), nullable=True),
        sa.Column("regon", sa.Text(), nullable=True),
        sa.Column("nip", sa.Text(), nullable=True),
        sa.Column("krs", sa.Text(), nullable=True),
        sa.Column("running_body", sa.Text(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("enrolled", sa.Integer(), nullable=True),
        sa.Column("is_accessible", sa.Boolean(), nullable=True),
        sa.Column(
            "accessibility",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), server_default="manual", nullable=False),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_institution_history_institution_id"),
        ),
        sa.PrimaryKeyConstraint(
            "institution_id", "version", name=op.f("pk_institution_history")
        ),
        schema="registry",
    )
    op.create_index(
        "ix_institution_history_valid_to",
        "institution_history",
        ["valid_to", "institution_id"],
        unique=False,
        schema="registry",
    )
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["registry.jobs.id"],
            name=op.f("fk_job_files_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "part", name=op.f("pk_job_files")),
        schema="registry",
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
            ["registry.jobs.id"],
            name=op.f("fk_job_problems_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_problems")),
        schema="registry",
    )
    op.create_table(
        "support_services",
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
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column(
            "target_groups",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("age_from_months", sa.Integer(), nullable=True),
        sa.Column("age_to_months", sa.Integer(), nullable=True),
        sa.Column(
            "eligibility_documents",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("free_places", sa.Integer(), nullable=True),
        sa.Column("waiting_days", sa.Integer(), nullable=True),
        sa.Column(
            "accessibility",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("offered_from", sa.Date(), nullable=True),
        sa.Column("offered_to", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by", sa.Text(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple', translate(lower((coalesce(name, '') || ' ' || coalesce(description, ''))), 'ąćęłńóśźż', 'acelnoszz'))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "age_from_months < age_to_months", name=op.f("ck_support_services_age")
        ),
        sa.CheckConstraint(
            "free_places <= capacity", name=op.f("ck_support_services_free_places")
        ),
        sa.CheckConstraint(
            "offered_to IS NULL OR offered_from IS NULL OR offered_from <= offered_to",
            name=op.f("ck_support_services_offered"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["registry.institutions.id"],
            name=op.f("fk_support_services_institution_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_services")),
        schema="registry",
    )
    op.create_index(
        "ix_support_services_county_terc",
        "support_services",
        ["county_terc", "kind"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_support_services_institution_id",
        "support_services",
        ["institution_id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_support_services_name",
        "support_services",
        ["name", "id"],
        unique=False,
        schema="registry",
    )
    op.create_index(
        "ix_support_services_search",
        "support_services",
        ["search"],
        unique=False,
        schema="registry",
        postgresql_using="gin",
    )
    op.create_index(
        "ix_support_services_verified_at",
        "support_services",
        ["verified_at", "id"],
        unique=False,
        schema="registry",
    )
    for statement in chassis_statements("registry", ["audit_records"]):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first revision is undone by dropping the schema")
