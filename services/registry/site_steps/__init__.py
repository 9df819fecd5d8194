"""The steps that a site takes through its programme's process."""
