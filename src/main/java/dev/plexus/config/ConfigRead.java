package dev.plexus.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The outcome of reading a configuration: a snapshot when there is no error among the faults, and every fault there is.
public record ConfigRead(@Nullable Config config, List<ConfigFault> faults) {

    public ConfigRead {
        faults = List.copyOf(faults);
    }

    public List<ConfigFault> errors() {
        return faults.stream().filter(fault -> fault.severity() == ConfigFault.Severity.ERROR).toList();
    }

    public List<ConfigFault> warnings() {
        return faults.stream().filter(fault -> fault.severity() == ConfigFault.Severity.WARNING).toList();
    }
}
