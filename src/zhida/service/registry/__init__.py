"""Employers, persons and what is known of them, with its source."""
