"""The font of signature appearances (SIL Open Font License 1.1, see ``OFL.txt``)."""
