"""A local Discord, a chat page and a pytest plugin to run and test CoreOps and its plugins without a token."""
