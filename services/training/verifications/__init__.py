"""Whether a certificate is genuine and valid, told to anybody who has its code."""
