"""The pictures of the preset's menu, drawn by us: `python -m content.drawings` draws them anew."""
