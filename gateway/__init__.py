"""The one way in: checks who calls, passes the request to its service, and answers for the platform as a whole.

It holds no state, speaks HTTP only, and imports nothing of ours but the chassis.
"""
