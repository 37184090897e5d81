"""Large realistic data sets, made by the service's own use cases."""
