package dev.plexus.live;

/// Hears how each reload of the configuration went.
@FunctionalInterface
public interface ReloadListener {

    /// A changed file was read, and either holds now or was refused.
    void reloaded(boolean accepted);
}
