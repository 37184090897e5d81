"""The signing agent on a member's own computer: it knows the service only by its public interface."""
