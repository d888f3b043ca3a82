"""What every admin page of the house is built from: ledgers, buttons, cheap pages, masked secrets."""
