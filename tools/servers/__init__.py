"""The real servers that tests, the production demonstration and the benches run on: started natively, without an
engine for containers. Development only; nothing of this is in the installed package."""
