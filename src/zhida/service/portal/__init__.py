"""The public site: catalogue, guides, self-check."""
