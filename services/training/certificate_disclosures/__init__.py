"""The parts of a certificate that its holder lets others see."""
