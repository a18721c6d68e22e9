"""Public data sets as a look from outside: apart from our suites, in any folder, never a gate."""
