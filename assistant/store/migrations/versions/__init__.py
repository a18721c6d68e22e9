"""One file a step; a released step is never edited. Its number is ``HEAD`` in ``assistant.store.schema``."""
