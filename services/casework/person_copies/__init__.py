"""A person's data on paper: the copy under GDPR, art. 15(3), as a PDF in addition to
the JSON.
"""
