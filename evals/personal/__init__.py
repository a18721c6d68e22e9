"""Personal data in texts: where it stands, what may stand in its place, what may have been overlooked."""
