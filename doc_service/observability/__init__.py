"""What an operator sees: structured logs, metrics, traces, and the journal of outages."""
