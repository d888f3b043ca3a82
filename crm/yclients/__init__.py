"""YClients: somebody else's calendar behind the same dialogue. `errands` does the work, `client` speaks the protocol."""
