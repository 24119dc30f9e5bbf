"""Files to and from banks, by profiles that are data."""
