"""The owner's inbox page, against a stand-in of its API and against the real one."""
