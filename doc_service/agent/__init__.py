"""The signing agent on a member's own computer: it knows the service only by its public interface.

``doc-service agent sign`` signs from the command line; ``doc-service agent serve`` lends the key to the service's web
page. It is a program of its own, with its own keys, and so composes itself: nothing of the service is imported.
"""
