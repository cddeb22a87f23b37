"""From a request to a package that proves itself."""
