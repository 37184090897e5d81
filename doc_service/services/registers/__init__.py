"""The registers of persons and organisations."""
