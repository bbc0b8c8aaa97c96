"""Data of a service opened to another department by grant (授权) and consent (同意), decided on its own copies.

A service keeps the copies from the gateway's events (`consumers`, `store`), decides on a reading (`deciding`),
records it either way (`reading`), or answers a claim with yes or no (`verification`). It asks the gateway nothing.
"""
