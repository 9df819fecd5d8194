"""The number of cases, for callers who may not read single cases."""
