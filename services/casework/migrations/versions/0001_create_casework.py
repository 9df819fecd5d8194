"""create casework."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis.migrating import chassis_statements
from services.chassis.trust.access import relations_security, row_level_security

revision = "0001"
down_revision = None


LOCKED: dict[str, dict[str, str]] = {
    # No relation leads to digests of names: only a county looks for people.
    "person_names": {},
    # `party` is an institution that has received a referral: it sees whom it is about.
    "people": {"team": "id", "guardian": "id", "break_glass": "id", "party": "id"},
    "person_keys": {
        "team": "person_id",
        "guardian": "person_id",
        "break_glass": "person_id",
        "party": "person_id",
    },
}
"""By table the columns that relations lead to, by their kind."""


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
        sa.Column(
            "xid",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id())::text::bigint"),
            nullable=False,
            comment="the transaction that wrote it: whoever seals finds what is new",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
        schema="casework",
    )
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
        schema="casework",
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
        schema="casework",
    )
    op.create_index(
        "ix_audit_records_xid",
        "audit_records",
        ["xid", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_audit_records_action",
        "audit_records",
        ["action", "recorded_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_audit_records_actor",
        "audit_records",
        ["actor", "recorded_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_audit_records_county_terc",
        "audit_records",
        ["county_terc", "recorded_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_audit_records_people",
        "audit_records",
        [sa.literal_column("(detail['people'])")],
        unique=False,
        schema="casework",
        postgresql_using="gin",
    )
    op.create_index(
        "ix_audit_records_recorded_at",
        "audit_records",
        ["recorded_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_audit_records_subject_recorded_at",
        "audit_records",
        ["subject", "recorded_at", "id"],
        unique=False,
        schema="casework",
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
        schema="casework",
    )
    op.create_index(
        "ix_events_unsequenced",
        "events",
        ["position"],
        unique=False,
        schema="casework",
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
        schema="casework",
    )
    op.create_index(
        "ix_idempotency_keys_created_at",
        "idempotency_keys",
        ["created_at"],
        unique=False,
        schema="casework",
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
        schema="casework",
    )
    op.create_index(
        "ix_jobs_requested_by",
        "jobs",
        ["requested_by", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "people",
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
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("birth_month", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column(
            "subject_ref",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pesel_index", sa.LargeBinary(), nullable=True),
        sa.Column("mother_id", sa.Uuid(), nullable=True),
        sa.Column("expected_with_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'expected') = (expected_on IS NOT NULL)",
            name=op.f("ck_people_expected_on"),
        ),
        sa.CheckConstraint(
            "county_terc ~ '^[0-9]{4}$'", name=op.f("ck_people_county_terc")
        ),
        sa.CheckConstraint(
            "date_trunc('month', birth_month) = birth_month",
            name=op.f("ck_people_birth_month"),
        ),
        sa.CheckConstraint("kind IN ('born', 'expected')", name=op.f("ck_people_kind")),
        sa.CheckConstraint("sex IN ('female', 'male')", name=op.f("ck_people_sex")),
        sa.CheckConstraint(
            "merged_into IS NULL OR merged_into <> id",
            name=op.f("ck_people_merged_into"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["casework.people.id"], name=op.f("fk_people_merged_into")
        ),
        sa.ForeignKeyConstraint(
            ["mother_id"], ["casework.people.id"], name=op.f("fk_people_mother_id")
        ),
        sa.ForeignKeyConstraint(
            ["expected_with_id"],
            ["casework.people.id"],
            name=op.f("fk_people_expected_with_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("subject_ref", name=op.f("uq_people_subject_ref")),
        schema="casework",
    )
    op.create_index(
        "ix_people_county_terc",
        "people",
        ["county_terc", "created_at", "id"],
        unique=False,
        schema="casework",
    )
    op.create_index(
        "ix_people_mother_id", "people", ["mother_id"], unique=False, schema="casework"
    )
    op.create_index(
        # Partial: what was merged or erased must not keep its number from anybody.
        "uq_people_pesel_in_county",
        "people",
        ["county_terc", "pesel_index"],
        unique=True,
        schema="casework",
        postgresql_where=sa.text("merged_into IS NULL AND erased_at IS NULL"),
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
        schema="casework",
    )
    op.create_index(
        "ix_relations_object_id",
        "relations",
        ["object_id", "kind"],
        unique=False,
        schema="casework",
    )
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["casework.jobs.id"],
            name=op.f("fk_job_files_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "part", name=op.f("pk_job_files")),
        schema="casework",
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
            ["casework.jobs.id"],
            name=op.f("fk_job_problems_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_problems")),
        schema="casework",
    )
    op.create_table(
        "person_keys",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("keyring_id", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["casework.people.id"], name=op.f("fk_person_keys_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_keys")),
        schema="casework",
    )
    op.create_table(
        "person_names",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["casework.people.id"],
            name=op.f("fk_person_names_person_id"),
        ),
        sa.PrimaryKeyConstraint("person_id", "digest", name=op.f("pk_person_names")),
        schema="casework",
    )
    op.create_index(
        "ix_person_names_digest",
        "person_names",
        ["digest", "county_terc"],
        unique=False,
        schema="casework",
    )
    for table, objects in LOCKED.items():
        for statement in row_level_security(f"casework.{table}", objects):
            op.execute(statement)
    for statement in (*relations_security("casework"), *chassis_statements("casework")):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first revision is undone by dropping the schema")
