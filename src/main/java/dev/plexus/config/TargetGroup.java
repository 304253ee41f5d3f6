package dev.plexus.config;

import java.util.List;

/// Targets that are tried before those of the next group, in the order of a selector of their own.
public record TargetGroup(String name, Selector selector, List<Target> targets) {

    /// The name of the group that an alias's flat list of targets is.
    public static final String DEFAULT = "default";

    public TargetGroup {
        targets = List.copyOf(targets);
    }
}
