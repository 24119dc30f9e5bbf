"""Pages of applications: preparing a package, and following it."""
