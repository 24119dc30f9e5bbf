"""What was done, by whom, to what: a chain of rows that cannot be changed unseen."""
