"""The audit log's tables: which record has which number, and signed checkpoints.

A record gets its number when it is sealed, in a table of its own: what commits late
comes later, nothing is lost, and no writer waits for anybody.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

_INSTANT = """AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""


def record_json(sealed_at: str) -> str:
    """SQL: an entry of the log, a record as canonical JSON (RFC 8785), from `records`.

    Keys in their order, no spaces, whole numbers. Of the detail only the hash: a file
    of the log reveals no more than the trail does.
    """
    return f"""
format('{{"action":%s,"actor":%s,"county_terc":%s,"detail_sha256":"%s","id":%s,"institution_id":%s,"outcome":%s,'
       '"recorded_at":"%s","sealed_at":"%s","subject":%s,"trace_id":%s,"xid":%s}}',
       to_json(records.action), to_json(records.actor), coalesce(to_json(records.county_terc), 'null'),
       encode(sha256(convert_to(records.detail::text, 'UTF8')), 'hex'), records.id,
       coalesce(to_json(records.institution_id), 'null'), to_json(records.outcome),
       to_char(records.recorded_at {_INSTANT}), to_char({sealed_at} {_INSTANT}),
       to_json(records.subject), to_json(records.trace_id), records.xid)
"""


def audit_log_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Which record has which number, and the checkpoints.

    Without a foreign key to the records: it would lock them, and a record that is gone
    must be detected by verifying, not prevented.
    """
    leaves = Table(
        "audit_leaves",
        metadata,
        _number("sequence", "from 1, without gaps"),
        Column("audit_id", BigInteger, nullable=False, unique=True),
        Column("sealed_at", DateTime(timezone=True), nullable=False),
        Column("leaf_hash", LargeBinary, nullable=False),
    )
    seals = Table(
        "audit_seals",
        metadata,
        _number("size", "records in the log"),
        Column("previous", BigInteger, nullable=False, unique=True),
        Column("sealed_at", DateTime(timezone=True), nullable=False),
        Column("peaks", LargeBinary, nullable=False, comment="where the tree goes on"),
        Column("checkpoint", Text, nullable=False),
        CheckConstraint("previous < size", name="grows"),
    )
    return leaves, seals


def _number(name: str, comment: str) -> Column[int]:
    return Column(
        name, BigInteger, primary_key=True, autoincrement=False, comment=comment
    )


AUDIT_LEAVES, AUDIT_SEALS = audit_log_tables(MetaData())
