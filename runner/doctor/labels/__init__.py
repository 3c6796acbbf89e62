"""Which labels are wrong, as far as the other examples tell."""
