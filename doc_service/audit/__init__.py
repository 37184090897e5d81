"""The audit log: a Merkle tree over canonical events, checkpoints, proofs, export and an offline verifier."""
