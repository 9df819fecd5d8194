"""let a case be withdrawn and a referral be declined while processing is restricted:
both end what is done with the person's data (GDPR, art. 18).
"""

from alembic import op

revision = "0028"
down_revision = "0027"

_MOMENTS = {
    "cases": "INSERT OR UPDATE",
    "case_steps": "INSERT",
    "referrals": "INSERT OR UPDATE",
    "referral_steps": "INSERT",
}
_ENDS = {
    "cases": ("withdrawn",),
    "case_steps": ("withdrawn",),
    "referrals": ("withdrawn", "expired", "declined"),
    "referral_steps": ("withdrawn", "expired", "declined"),
}
_FORMER = dict.fromkeys(("referrals", "referral_steps"), ("withdrawn", "expired"))


def _keep(ends: dict[str, tuple[str, ...]]) -> None:
    for table, moment in _MOMENTS.items():
        states = ", ".join(f"'{state}'" for state in ends.get(table, ()))
        condition = f"WHEN (NEW.state NOT IN ({states}))" if states else ""
        op.execute(f"DROP TRIGGER keep_restricted ON casework.{table}")
        op.execute(
            f"CREATE CONSTRAINT TRIGGER keep_restricted AFTER {moment} ON casework.{table} FOR EACH ROW"
            f" {condition} EXECUTE FUNCTION casework.keep_restricted_person_id()"
        )


def upgrade() -> None:
    _keep(_ENDS)


def downgrade() -> None:
    _keep(_FORMER)
