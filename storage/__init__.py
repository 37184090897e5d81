"""Archive of originals: write-once object stores behind one contract (see ``storage.api``)."""
