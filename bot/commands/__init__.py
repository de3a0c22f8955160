"""The command line jianfu."""
