"""What may be asked for: one model for each action, read from forms, API and command line alike."""
