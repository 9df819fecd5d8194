"""Hours of training: exact sums of sessions that were held, with sums from elsewhere
beside them.
"""
