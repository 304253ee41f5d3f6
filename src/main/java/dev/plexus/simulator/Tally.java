package dev.plexus.simulator;

/// What a simulator has counted: requests that arrived with their body, how they ended (`completed` answers of any status, `broken` by the simulator
/// itself, `cancelled` by the client), those still open and the streams among them, how many answers fell silent as told, open connections.
public record Tally(long requests, long completed, long broken, long cancelled, long open, long openStreams, long silenced, long connections) {}
