"""Functions that institutions hold for a county and a time: lead centre, host
of a centre, coordination.
"""
