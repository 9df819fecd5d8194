"""Places of support services that are held for somebody's referral: reserved, taken, released or expired."""
