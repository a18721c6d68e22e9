"""The command line. Modules import nothing heavy on top, so that ``replydesk --help`` answers at once."""
