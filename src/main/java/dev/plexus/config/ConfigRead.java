package dev.plexus.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The outcome of reading a configuration: a snapshot when there is no error among the faults, and every fault there is.
public record ConfigRead(@Nullable Config config, List<ConfigFault> faults) {

    public ConfigRead {
        faults = List.copyOf(faults);
    }

    public List<ConfigFault> errors() {
        return of(ConfigFault.Severity.ERROR);
    }

    public List<ConfigFault> warnings() {
        return of(ConfigFault.Severity.WARNING);
    }

    /// What the file uses that has no effect in this version; a file with errors is not accepted, and has none.
    public List<ConfigFault> notices() {
        return of(ConfigFault.Severity.NOTICE);
    }

    private List<ConfigFault> of(ConfigFault.Severity severity) {
        return faults.stream().filter(fault -> fault.severity() == severity).toList();
    }
}
