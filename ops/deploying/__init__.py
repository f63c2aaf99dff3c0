"""Bring a stage to AWS, look after it and remove it: one step a module.

A step says what it would do and does it. It takes what is there as it finds it,
so that every step can be run again, whatever stopped the last run.
"""
