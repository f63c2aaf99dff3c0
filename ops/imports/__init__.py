"""Read what this and other services export, one submission after the other.

    files.py       a file -> its entries, each with its line, or why it cannot be read
    dialects.py    which service an entry is from
    formpost.py, formspree.py, netlify.py    one service's entry -> what was received there
    identity.py    the id of what was received elsewhere
    submission.py  what was received -> a submission that the table takes

An entry that cannot be read is an ``Unreadable``, with its line and its reason; what
comes after it is read all the same.
"""
