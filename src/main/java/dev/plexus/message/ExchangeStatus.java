package dev.plexus.message;

import java.util.Locale;

/// How an exchange ended, as the column `response_status` spells it.
public enum ExchangeStatus {
    PENDING,
    SUCCESS,
    ERROR,
    CANCELLED,
    TIMEOUT,
    STALL,
    EMPTY,
    QUOTA_EXCEEDED,
    ABORTED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
