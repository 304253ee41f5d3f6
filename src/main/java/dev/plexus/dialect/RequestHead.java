package dev.plexus.dialect;

import dev.plexus.wire.TopLevel;
import org.jspecify.annotations.Nullable;

/// What a request says about itself at its top level.
///
/// `model` is the name that the client sent; `asksForUsage` is true when a chat client set `stream_options.include_usage`.
/// `messageCount` counts the normalised messages, `toolsDefined` the tools; `parallelToolCalls` is null where the client did not say.
/// `members` are the spans of the body's top level, from which edits are made.
public record RequestHead(
        String model,
        boolean stream,
        boolean sse,
        boolean asksForUsage,
        int messageCount,
        int toolsDefined,
        @Nullable Boolean parallelToolCalls,
        TopLevel members) {}
