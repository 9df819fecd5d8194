"""How a service runs: transactions, identity, refusals, lists, events, jobs.

Nothing in here is about the subject of a service. The admission test for a line: would
a service about another subject need it too?
"""
