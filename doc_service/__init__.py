"""Document and signature service: official instruments, PAdES signatures, auditable archive."""
