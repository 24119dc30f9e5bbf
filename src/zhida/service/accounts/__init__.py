"""Who may do what, where: users, roles, offices, and the one scope of every query."""
