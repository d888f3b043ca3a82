"""Short dates for tables; read by Django through FORMAT_MODULE_PATH."""
