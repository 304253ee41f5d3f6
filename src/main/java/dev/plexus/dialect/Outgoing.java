package dev.plexus.dialect;

import java.util.Map;

/// The edits of a passed-through body: the upstream's model name, the configured extra members (name to JSON text, in order; they replace
/// members of the same name), whether a chat stream must ask for usage although the client did not, and whether a messages request loses its
/// `thinking` when that is adaptive.
public record Outgoing(String model, Map<String, String> extraBody, boolean injectUsage, boolean stripAdaptiveThinking) {

    public Outgoing(String model, Map<String, String> extraBody, boolean injectUsage) {
        this(model, extraBody, injectUsage, false);
    }

    public Outgoing {
        if (model.isEmpty()) {
            throw new IllegalArgumentException("outgoing: model must not be empty");
        }
    }
}
