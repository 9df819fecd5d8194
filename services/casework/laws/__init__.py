"""Laws: values set by acts, with the days from which they hold,
and the deadlines that follow.
"""
