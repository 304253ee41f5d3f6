package dev.plexus.message;

import dev.plexus.config.ConfigFault;
import java.util.List;

/// How the last reload went: the hash of the serving snapshot, and the faults of the file as it is now if it was refused.
public record ConfigState(String hash, List<ConfigFault> lastReloadErrors) {

    public ConfigState {
        lastReloadErrors = List.copyOf(lastReloadErrors);
    }
}
