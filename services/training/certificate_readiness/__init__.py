"""What somebody has for a certificate, and what is missing."""
