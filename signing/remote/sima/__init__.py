"""SİMA web-to-app: a person signs on the phone with the key that the phone keeps."""
