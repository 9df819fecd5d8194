"""Training: modular programmes, groups, verified outcomes, and the advisory path of a local authority.

It owns programmes with their versions, trainers, trainees, groups, sessions, attendance and certificates, and what a
local authority does on its path: diagnosis, strategic plan, check-ins, good practices; and indicators and budgets.
It does not own institutions, locations and programme sites (the registry), nor anything about a child.
"""
