"""Deliveries (结果送达): how a result reaches the person: certificate, print, courier, window."""
