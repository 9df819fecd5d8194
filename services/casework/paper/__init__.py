"""What all documents on paper share: fonts, texts in two languages,
the page layout, typst.
"""
