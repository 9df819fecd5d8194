"""Good practices of authorities and counties: identified, described, reviewed, published."""
