"""Two versions of the law: what changed in it, and what the change costs one and the same population."""
