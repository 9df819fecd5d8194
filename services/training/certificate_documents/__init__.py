"""A certificate as a PDF with a QR code (PDF/UA-1 and PDF/A-2a)."""
