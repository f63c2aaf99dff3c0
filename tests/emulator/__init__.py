"""The packaged app in an AWS on this machine that enforces IAM policies."""
