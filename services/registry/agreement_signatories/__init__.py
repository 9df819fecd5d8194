"""The parties of agreements: offices and organisations that sign, join later and withdraw."""
