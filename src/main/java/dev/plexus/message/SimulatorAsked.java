package dev.plexus.message;

/// Where does the gateway's own simulator listen?
public record SimulatorAsked() {}
