"""Reads lineside.h and writes what the bindings know of it."""
