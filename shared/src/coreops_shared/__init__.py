"""Ground services of CoreOps: logging, configuration, feature toggles, the Sheets facade and the state store."""
