"""The smallest service there can be: what `shared` promises is tested without any business in the way."""
