"""The libraries we are measured beside, each as its own documentation would have it, on the fastest loop it can run on."""
