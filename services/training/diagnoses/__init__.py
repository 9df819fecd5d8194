"""How digital an authority's schools are, and who is excluded: the diagnosis of source 003."""
