"""Formpost: everything that ships to Lambda. Start reading at intake.py."""
