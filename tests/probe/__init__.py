"""The smallest service there can be, so that what `shared` promises is tested without any business in the way."""
