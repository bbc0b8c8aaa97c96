"""Payments (缴费): fees that a case asks for, paid online, with receipts."""
