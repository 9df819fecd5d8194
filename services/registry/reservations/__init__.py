"""Places of support services held for a referral: reserved, taken, released or expired."""
