"""How a service runs: transactions, identity, refusals, lists, events, jobs.

Nothing in here knows what a service is about. The admission test for a line: would a
service about another subject need it too?
"""
