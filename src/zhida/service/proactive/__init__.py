"""免申即享: who is entitled is found in the registry, and nobody has to apply."""
