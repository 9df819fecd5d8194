"""A person's data on paper: the copy that GDPR, art. 15(3), gives a right to, as a PDF
beside the JSON.
"""
