"""Ways to sign with a key that is elsewhere: each speaks its own protocol and judges what comes back."""
