"""The tests: unit (no sockets), contract (fake and DynamoDB), functional, browser."""
