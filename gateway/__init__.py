"""The one way in: checks who calls, and passes each request to its service.

It holds no state, uses HTTP only, and imports nothing of ours but the chassis.
"""
