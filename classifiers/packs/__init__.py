"""Policy packs as files: one folder a pack, read by `classifiers/pack_loader.py`."""
