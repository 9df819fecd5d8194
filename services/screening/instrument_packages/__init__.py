"""Signed packages in which a licensed deployer brings an instrument: its definition, its texts and its norms."""
