"""One file a step; a released step is never edited. Its number becomes ``HEAD`` in ``assistant.store.schema``."""
