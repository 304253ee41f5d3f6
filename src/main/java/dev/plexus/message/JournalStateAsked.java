package dev.plexus.message;

/// Asks how far the database is behind the usage journal.
public record JournalStateAsked() {}
