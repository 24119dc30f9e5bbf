"""From answers to a submitted package: one form, one list of materials."""
