"""The operator's command group of CoreOps: !ops and /ops."""
