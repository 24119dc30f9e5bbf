"""Pages of accounts: coming in, the own account, those of others, agencies, the audit."""
