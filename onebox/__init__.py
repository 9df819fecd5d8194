"""The whole platform on one machine without containers: PostgreSQL, processes, a
development issuer, a demo.
"""
