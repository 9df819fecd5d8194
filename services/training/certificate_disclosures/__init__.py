"""What the holder of a certificate lets others see of it."""
