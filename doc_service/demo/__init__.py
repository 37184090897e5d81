"""The demonstration: an invented Coordination Group meets, and its protocol takes the whole path."""
