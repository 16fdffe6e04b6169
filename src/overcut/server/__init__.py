"""HTTP and WebSocket doors: thin, on runtime."""
