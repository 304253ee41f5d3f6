package dev.plexus.dialect;

import dev.plexus.model.Usage;
import org.jspecify.annotations.Nullable;

/// What has been seen of an answer so far. `usage` is null while no count was reported; `finishReason` is in the upstream's own words;
/// `visible` is true once there was any content.
public record Observed(@Nullable Usage usage, @Nullable String finishReason, int toolCalls, boolean visible) {

    public static final Observed NOTHING = new Observed(null, null, 0, false);
}
