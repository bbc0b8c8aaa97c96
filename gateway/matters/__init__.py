"""The gateway's matters: a person's one thing, split over services and departments and closed as one."""
