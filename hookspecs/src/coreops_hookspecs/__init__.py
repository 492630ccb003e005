"""The contract between CoreOps and its plugins: hook specifications, declarations and value types."""
