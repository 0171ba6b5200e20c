"""The demonstration: fictional people, a few days of talk behind them, a believable day ahead."""
