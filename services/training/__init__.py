"""Training: programmes, groups, verified outcomes, and the path of an authority.

It owns programmes with their versions, trainers, trainees, groups, sessions, attendance
and certificates, and what an advised local authority does on its path: diagnosis,
strategic plan, check-ins, good practices; and indicators and budgets. It does not own
institutions, locations and programme sites (the registry), nor anything about a child.
"""
