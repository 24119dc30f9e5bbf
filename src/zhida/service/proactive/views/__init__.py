"""Pages of 免申即享."""
