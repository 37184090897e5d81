"""Many members signing at once over the interface, each by their own means, while processes are killed."""
