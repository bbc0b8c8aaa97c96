"""Who is calling and what they may see: tokens, principals, access declarations, masking."""
