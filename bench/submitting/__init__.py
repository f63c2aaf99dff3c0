"""What ``python -m bench.submit`` is made of: packages, containers, a store, figures."""
