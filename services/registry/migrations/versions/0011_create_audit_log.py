"""create audit_leaves and audit_seals, add xid to audit_records."""

import sqlalchemy as sa
from alembic import op

from services.chassis.migrating import append_only

revision = "0011"
down_revision = "0010"

SCHEMA = "registry"
# Not volatile: the rows that are there get it without being written again.
XID = """
-- squawk-ignore adding-field-with-default
ALTER TABLE registry.audit_records ADD COLUMN IF NOT EXISTS xid bigint NOT NULL DEFAULT (pg_current_xact_id())::text::bigint
"""
COMMENT = """
COMMENT ON COLUMN registry.audit_records.xid IS 'the transaction that wrote it: whoever seals finds what is new'
"""


def upgrade() -> None:
    # The index is made outside the transaction: what stands before it may be there already.
    op.execute(XID)
    op.execute(COMMENT)
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
        schema=SCHEMA,
        if_not_exists=True,
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
        schema=SCHEMA,
        if_not_exists=True,
    )
    for statement in append_only(SCHEMA, ["audit_leaves", "audit_seals"]):
        op.execute(statement)
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        _drop_index()  # half made
        op.create_index(
            "ix_audit_records_xid",
            "audit_records",
            ["xid", "id"],
            schema=SCHEMA,
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.execute("SET lock_timeout = '2s'")


def downgrade() -> None:
    op.drop_table("audit_seals", schema=SCHEMA)
    op.drop_table("audit_leaves", schema=SCHEMA)
    op.drop_column("audit_records", "xid", schema=SCHEMA)


def _drop_index() -> None:
    op.drop_index(
        "ix_audit_records_xid",
        "audit_records",
        schema=SCHEMA,
        postgresql_concurrently=True,
        if_exists=True,
    )
