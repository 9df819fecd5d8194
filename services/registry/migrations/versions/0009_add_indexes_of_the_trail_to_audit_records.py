"""add the indexes by which the audit trail is read."""

from alembic import op

revision = "0009"
down_revision = "0008"

SCHEMA, TABLE = "registry", "audit_records"
COLUMNS = ("recorded_at", "id")


def upgrade() -> None:
    with (
        op.get_context().autocommit_block()
    ):  # nobody waits while they are made; they wait for whoever is at work
        op.execute("SET lock_timeout = 0")
        _make("ix_audit_records_recorded_at", [*COLUMNS])
        for name in ("actor", "action", "county_terc"):
            _make(f"ix_audit_records_{name}", [name, *COLUMNS])
        _make("ix_audit_records_subject_recorded_at", ["subject", *COLUMNS])
        _drop("ix_audit_records_subject")
        op.execute("SET lock_timeout = '2s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        _make("ix_audit_records_subject", ["subject"])
        for name in (
            "recorded_at",
            "actor",
            "action",
            "county_terc",
            "subject_recorded_at",
        ):
            _drop(f"ix_audit_records_{name}")
        op.execute("SET lock_timeout = '2s'")


def _make(name: str, columns: list[str]) -> None:
    _drop(name)  # half made
    op.create_index(
        name,
        TABLE,
        columns,
        schema=SCHEMA,
        postgresql_concurrently=True,
        if_not_exists=True,
    )


def _drop(name: str) -> None:
    op.drop_index(
        name, TABLE, schema=SCHEMA, postgresql_concurrently=True, if_exists=True
    )
