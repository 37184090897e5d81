"""Messages to people: e-mail over SMTP, or files in a folder where no mail server is set."""
