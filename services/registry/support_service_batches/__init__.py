"""Verifications of many support services in one request, each judged by itself."""
