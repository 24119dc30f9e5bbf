"""Pages of finance: what is due, batches, funds, recoveries."""
