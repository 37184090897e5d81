"""Remote signing services that speak the API of the Cloud Signature Consortium."""
