"""Deliveries (结果送达): how the results of a case reach the person: as certificates, by courier, at a window."""
