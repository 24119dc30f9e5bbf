"""The delivery: a Django site over the core. It calls only the core's public names."""
