"""Programs for those who work on this repository; no program that runs in production imports them."""
