"""What ``python -m bench.scale`` is made of: DynamoDB's partitions, and a table that records."""
