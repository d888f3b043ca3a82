"""The assistant: builds what a provider needs to know, asks it, and hands the proposal to the engine. It decides nothing."""
