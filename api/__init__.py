"""The faces of the product: HTTP and command line."""
