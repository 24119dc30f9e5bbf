"""Files of rows, .xlsx and CSV: read with every bound checked, written with every text harmless."""
