"""The hotline service (12345 工单): 12345 tickets."""
