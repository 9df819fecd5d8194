"""What the yearly reports and the two registers tell together: the table of entities and
reports by year.
"""
