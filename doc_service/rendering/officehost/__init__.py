"""The program that runs under the system's Python beside one soffice process: standard library and ``uno`` only."""
