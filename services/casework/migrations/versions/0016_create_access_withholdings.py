"""create access withholdings, and what deciding on requests and retention needs."""

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import row_level_security

revision = "0016"
down_revision = "0015"

KEPT_WHILE_RESTRICTED = {
    "household_members": "INSERT OR UPDATE",
    "guardianships": "INSERT",
    "consents": "INSERT",
    "disclosures": "INSERT",
    "referrals": "INSERT OR UPDATE",
    "referral_steps": "INSERT",
    "cases": "INSERT OR UPDATE",
    "case_members": "INSERT",
    "case_steps": "INSERT",
    "case_transfers": "INSERT OR UPDATE",
    "documents": "INSERT OR UPDATE",
    "attachments": "INSERT OR UPDATE",
    "assessments": "INSERT OR UPDATE",
    "plans": "INSERT OR UPDATE",
    "plan_approvals": "INSERT OR UPDATE",
    "plan_goals": "INSERT OR UPDATE",
    "plan_recommendations": "INSERT OR UPDATE",
    "plan_steps": "INSERT OR UPDATE",
    "plan_reviews": "INSERT OR UPDATE",
    "support_events": "INSERT OR UPDATE",
}
"""What is not done while processing is restricted.

What ends something goes on: a consent, who acts, who sees.
"""
KEPT_ONCE_ERASED = (
    *KEPT_WHILE_RESTRICTED,
    "accounts",
    "account_codes",
    "access_withholdings",
    "break_glass",
    "data_subject_requests",
    "legal_holds",
)
_KEEP = """
CREATE FUNCTION casework.keep_{state}_{owner}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM casework.people WHERE id = NEW.{owner} AND {state}_at IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'keep_{state}', MESSAGE = 'keep_{state}';
    END IF;
    RETURN NULL;
END $$
"""
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "access_withholdings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at", _INSTANT, server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "changed_at", _INSTANT, server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("county_terc", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("withheld_from", _INSTANT, nullable=False),
        sa.Column("withheld_to", _INSTANT, nullable=True),
        sa.Column("visible_after", _INSTANT, nullable=True),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "withheld_to IS NULL OR withheld_from < withheld_to",
            name=op.f("ck_access_withholdings_withheld_to"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["casework.people.id"],
            name=op.f("fk_access_withholdings_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_withholdings")),
        schema="casework",
    )
    op.create_index(
        "ix_access_withholdings_person_id",
        "access_withholdings",
        ["person_id"],
        schema="casework",
    )
    op.create_index(
        "ix_access_withholdings_county_terc",
        "access_withholdings",
        ["county_terc", "created_at", "id"],
        schema="casework",
    )
    # A guardian's own question has to find them: it leaves out what is withheld.
    for statement in row_level_security(
        "casework.access_withholdings", {"guardian": "person_id"}
    ):
        op.execute(statement)
    _change_legal_holds()
    op.drop_column("data_subject_requests", "reason", schema="casework")
    op.add_column(
        "data_subject_requests", sa.Column("lifted_at", _INSTANT), schema="casework"
    )
    op.create_check_constraint(
        op.f("ck_break_glass_verdict"),
        "break_glass",
        "verdict IN ('justified', 'not_justified')",
        schema="casework",
    )
    _change_retention()
    _keep()


def _keep() -> None:
    """Whatever an endpoint looks at before: about whoever is restricted or erased
    nothing is written.
    """
    for state in ("restricted", "erased"):
        for owner in ("person_id", "child_id"):
            op.execute(_KEEP.format(state=state, owner=owner))
    moments = {
        "restricted": KEPT_WHILE_RESTRICTED,
        "erased": dict.fromkeys(KEPT_ONCE_ERASED, "INSERT OR UPDATE"),
    }
    for state, tables in moments.items():
        for table, moment in tables.items():
            owner = "child_id" if table == "guardianships" else "person_id"
            op.execute(
                f"CREATE CONSTRAINT TRIGGER keep_{state} AFTER {moment} ON casework.{table}"
                f" FOR EACH ROW EXECUTE FUNCTION casework.keep_{state}_{owner}()"
            )


def _change_legal_holds() -> None:
    op.drop_column("legal_holds", "reason", schema="casework")
    op.add_column("legal_holds", sa.Column("released_by", sa.Text()), schema="casework")
    op.add_column(
        "legal_holds",
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        schema="casework",
    )
    op.create_index(
        "ix_legal_holds_county_terc",
        "legal_holds",
        ["county_terc", "created_at", "id"],
        schema="casework",
    )


def _change_retention() -> None:
    checks = {
        "record_kind": "record_kind IN ('early', 'pupil', 'wokro', 'without_case')",
        "starts_with": "starts_with IN ('case_closed', 'of_age', 'registered')",
        "valid_to": "valid_to IS NULL OR valid_from <= valid_to",
    }
    for name, check in checks.items():
        op.create_check_constraint(
            op.f(f"ck_retention_rules_{name}"),
            "retention_rules",
            check,
            schema="casework",
        )
    op.add_column("retention_runs", sa.Column("job_id", sa.Uuid()), schema="casework")
    op.drop_constraint(
        op.f("ck_retention_runs_state"), "retention_runs", schema="casework"
    )
    op.create_check_constraint(
        op.f("ck_retention_runs_state"),
        "retention_runs",
        "state IN ('proposed', 'approved', 'carried_out', 'declined')",
        schema="casework",
    )


def downgrade() -> None:
    raise NotImplementedError("what it dropped held free text that was never kept")
