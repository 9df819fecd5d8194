"""Programs for developers of this repository; no program that runs in production imports them."""
