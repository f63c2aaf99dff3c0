"""The steps that make the deployment package, one module each; ``build`` puts them in order."""
