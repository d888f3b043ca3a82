"""The words for models and templates: what there is, the files, and which version a dialogue uses."""
