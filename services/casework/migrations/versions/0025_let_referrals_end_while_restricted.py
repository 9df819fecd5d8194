"""let referrals end while processing is restricted: consent is withdrawn at any time
(GDPR, art. 7(3)).
"""

from alembic import op

revision = "0025"
down_revision = "0024"

_MOMENTS = {"referrals": "INSERT OR UPDATE", "referral_steps": "INSERT"}
# Nobody sees the child by such a referral any more, and its place is given back.
_ENDS = "WHEN (NEW.state NOT IN ('withdrawn', 'expired'))"


def _keep(condition: str) -> None:
    for table, moment in _MOMENTS.items():
        op.execute(f"DROP TRIGGER keep_restricted ON casework.{table}")
        op.execute(
            f"CREATE CONSTRAINT TRIGGER keep_restricted AFTER {moment} ON casework.{table} FOR EACH ROW"
            f" {condition} EXECUTE FUNCTION casework.keep_restricted_person_id()"
        )


def upgrade() -> None:
    _keep(_ENDS)


def downgrade() -> None:
    _keep("")
