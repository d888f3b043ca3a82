"""The shop's till: from a cart to a cup handed over. Pure reckoning beside verbs that each are one short transaction."""
