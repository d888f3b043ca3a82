"""The shop in a dialogue: what the guest sees of menu, cart and order, and what their words and presses do to it."""
