"""Work that waits in the database: what each job does, and the worker that does it."""
