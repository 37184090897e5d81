"""Use cases, one a file: they orchestrate the domain over the ports and know no vendor library."""
