#!/usr/bin/env python
"""Django's command line for Otklik."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_STREAM", "stderr")  # stdout is the command's answer
    execute_from_command_line(sys.argv)
