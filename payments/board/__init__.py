"""The shop's side: the order board on the counter, the stop-list, the pace of a place, reports."""
