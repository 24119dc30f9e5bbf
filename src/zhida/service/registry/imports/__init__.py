"""Files of many rows into the registry: read, staged, looked at, confirmed, applied."""
