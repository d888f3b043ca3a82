"""The shop as a page: a Telegram Mini App and an ordinary web page under /shop/, and the JSON doors behind it."""
