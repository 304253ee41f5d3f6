package dev.plexus.config;

/// For how many days each kind of record is kept; 0 keeps it for ever.
public record Retention(int usageDays, int errorDays, int debugDays, int mcpDays, int snapshotDays) {

    public static final Retention DEFAULT = new Retention(0, 30, 7, 30, 90);
}
