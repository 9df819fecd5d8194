"""What all documents on paper share: letters, words of two languages, the look of a page, typst."""
