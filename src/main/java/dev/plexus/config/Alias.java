package dev.plexus.config;

import dev.plexus.model.AliasName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A public model name and the targets behind it. `name` is the canonical name; `additionalNames` lead to it too.
/// `type` null means the chat family. `apiMatchStrict` leaves targets of another dialect out altogether.
public record Alias(
        AliasName name,
        Selector selector,
        boolean apiMatch,
        boolean apiMatchStrict,
        List<Target> targets,
        List<String> additionalNames,
        @Nullable ModelType type,
        boolean stripAdaptiveThinking,
        RetryOverride retry) {

    public Alias {
        targets = List.copyOf(targets);
        additionalNames = List.copyOf(additionalNames);
    }
}
