"""The shop spoken: screens for the guest, what presses and words do to cart and order. Works at a `Desk`; moves no dialogue."""
