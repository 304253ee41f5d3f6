package dev.plexus.config;

import dev.plexus.model.AliasName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A public model name and the targets behind it. `name` is the canonical name; `additionalNames` lead to it too.
/// `groups` are tried one after the other; `targets` are those of all groups, each once. `stickySession` keeps a conversation at the target of the turn
/// before. `type` null means the chat family. `apiMatchStrict` leaves targets of another dialect out altogether.
public record Alias(
        AliasName name,
        Selector selector,
        boolean apiMatch,
        boolean apiMatchStrict,
        List<TargetGroup> groups,
        List<Target> targets,
        List<String> additionalNames,
        @Nullable ModelType type,
        boolean stripAdaptiveThinking,
        RetryOverride retry,
        boolean stickySession) {

    public Alias {
        groups = List.copyOf(groups);
        targets = List.copyOf(targets);
        additionalNames = List.copyOf(additionalNames);
    }
}
