"""What every room shares: settings, errors, logs."""
