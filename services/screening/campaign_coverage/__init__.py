"""The progress of campaigns in each county, campaign beside campaign."""
