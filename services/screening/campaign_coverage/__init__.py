"""How far campaigns have come in each county, campaign beside campaign."""
