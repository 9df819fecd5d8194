"""What each county has, in a few figures, county beside county."""
