"""公示: what was decided is shown to everyone before it is paid, masked, and anyone may object."""
