"""Settings: what is common, and what development, tests, the demonstration and production change."""
