"""The site chat: a widget on somebody's page, its doors under /chat/ and its live stream."""
