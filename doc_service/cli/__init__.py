"""The command line, ``doc-service``: exit code 0 done, 1 the answer is no, 2 the input cannot be used."""

from doc_service.cli.app import main

__all__ = ["main"]
