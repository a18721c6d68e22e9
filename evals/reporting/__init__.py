"""A run as something to read: one self-contained page, and exports for other programs."""
