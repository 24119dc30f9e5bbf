"""DMN files, XML and boxed forms, on top of FEEL: for conformance and for exchange with other tools."""
