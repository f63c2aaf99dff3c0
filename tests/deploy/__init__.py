"""The way to AWS, against an AWS on this machine."""
