"""Materials (申请材料): files handed in once, and referred to by whoever needs them."""
