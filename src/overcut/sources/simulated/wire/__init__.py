"""The archive's wire format: how a simulated session is written as the feed would have sent it."""
