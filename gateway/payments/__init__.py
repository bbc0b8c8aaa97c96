"""Payments (缴费): fees that a case asks for, paid through an adapter, with receipts and refunds."""
