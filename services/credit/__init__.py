"""The credit service (公共信用): public credit."""
