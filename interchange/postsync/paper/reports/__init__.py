"""The reports, one module each: a function that makes the `Document` of a `Request`. They know nothing of how it is drawn."""
