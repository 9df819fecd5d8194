"""create chain_steps: what a lead coordination centre found at each step."""

import sqlalchemy as sa
from alembic import op

from services.chassis.trust.access import row_level_security

revision = "0018"
down_revision = "0017"

_RELATED = {"team": "case_id", "guardian": "person_id", "break_glass": "person_id"}


def upgrade() -> None:
    op.create_table(
        "chain_steps",
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
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("found_need", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "step IN ('needs', 'directions_and_schedule', 'services')",
            name=op.f("ck_chain_steps_step"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["casework.cases.id"], name=op.f("fk_chain_steps_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["casework.people.id"],
            name=op.f("fk_chain_steps_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_steps")),
        schema="casework",
    )
    op.create_index(
        "uq_chain_steps_step_in_case",
        "chain_steps",
        ["case_id", "step"],
        unique=True,
        schema="casework",
    )
    op.create_index(
        "ix_chain_steps_person_id", "chain_steps", ["person_id"], schema="casework"
    )
    for statement in row_level_security("casework.chain_steps", _RELATED):
        op.execute(statement)
    # As 0016 has done for the tables that were there before.
    for state in ("restricted", "erased"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER keep_{state} AFTER INSERT OR UPDATE ON casework.chain_steps"
            f" FOR EACH ROW EXECUTE FUNCTION casework.keep_{state}_person_id()"
        )


def downgrade() -> None:
    op.drop_table("chain_steps", schema="casework")
