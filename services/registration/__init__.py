"""The registration service (企业登记): enterprise registration."""
