"""Background work: a queue in the site's own database, done at least once by any number of workers."""
