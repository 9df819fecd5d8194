"""create legal acts."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

# A day stands where it is certain; NULL elsewhere: nobody has said, and it speaks against no day.
CATALOGUE = """
INSERT INTO registry.legal_acts (eli, provision, title_pl, title_en, valid_from) VALUES
('DU/1991/425', 'art. 90v', 'Ustawa o systemie oświaty', 'School System Act', NULL),
('DU/1991/425', 'art. 90v ust. 3', 'Ustawa o systemie oświaty', 'School System Act', NULL),
('DU/1991/425', 'art. 90v ust. 3a', 'Ustawa o systemie oświaty', 'School System Act', NULL),
('DU/2023/1801', NULL, 'Rozporządzenie w sprawie szczegółowych zadań wiodących ośrodków koordynacyjno-rehabilitacyjno-opiekuńczych', 'Regulation on the tasks of lead coordination, rehabilitation and care centres', NULL),
('DU/2023/1801', '§ 1', 'Rozporządzenie w sprawie szczegółowych zadań wiodących ośrodków koordynacyjno-rehabilitacyjno-opiekuńczych', 'Regulation on the tasks of lead coordination, rehabilitation and care centres', NULL),
('DU/2017/1635', '§ 6', 'Rozporządzenie w sprawie organizowania wczesnego wspomagania rozwoju dzieci', 'Regulation on organising early development support of children', '2017-09-01'),
('DU/2023/2061', '§ 24', 'Rozporządzenie w sprawie orzeczeń i opinii wydawanych przez zespoły orzekające', 'Regulation on rulings and opinions of ruling panels', NULL),
('DU/2020/1309', '§ 6', 'Rozporządzenie w sprawie warunków organizowania kształcenia, wychowania i opieki dla dzieci i młodzieży niepełnosprawnych', 'Regulation on the education and care of children and young people with disabilities', NULL),
('DU/2003/1143', NULL, 'Ustawa o zatrudnieniu socjalnym', 'Act on social employment', NULL),
('DU/2019/2019', NULL, 'Prawo zamówień publicznych', 'Public Procurement Act', '2021-01-01'),
('DU/2003/873', NULL, 'Ustawa o działalności pożytku publicznego i o wolontariacie', 'Act on public benefit and volunteering', NULL),
('DU/2004/593', NULL, 'Ustawa o pomocy społecznej', 'Social Assistance Act', '2004-05-01')
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.create_table(
        "legal_acts",
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
        sa.Column("eli", sa.Text(), nullable=False),
        sa.Column("provision", sa.Text(), nullable=True),
        sa.Column("title_pl", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "eli ~ '^(DU|MP)/[0-9]{4}/[1-9][0-9]{0,4}$'",
            name=op.f("ck_legal_acts_eli"),
        ),
        sa.CheckConstraint(
            "valid_from < valid_to", name=op.f("ck_legal_acts_valid_to")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_acts")),
        schema="registry",
    )
    op.create_index(
        "uq_legal_acts_provision",
        "legal_acts",
        ["eli", "provision", "valid_from"],
        unique=True,
        schema="registry",
        postgresql_nulls_not_distinct=True,
    )
    op.execute(CATALOGUE)


def downgrade() -> None:
    op.drop_table("legal_acts", schema="registry")
