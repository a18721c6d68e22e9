"""HTTP routes: each turns a request into one call of the service and its answer into JSON."""
