"""Kernels for the notebooks of the chain: warm where the system can fork, else ordinary ones."""
