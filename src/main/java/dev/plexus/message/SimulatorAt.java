package dev.plexus.message;

/// The simulator's base URL, `http://127.0.0.1:<port>`, without trailing slash.
public record SimulatorAt(String baseUrl) {}
