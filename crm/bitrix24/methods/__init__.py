"""The portal's methods this product uses, one thin typed function each, with its manual page."""
