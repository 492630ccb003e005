"""How the runtime is: components and checks folded into one status, and the HTTP server that tells it."""
