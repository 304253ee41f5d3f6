package dev.plexus.message;

import dev.plexus.model.TargetId;

/// A target answered a turn of this conversation, and may have kept its prompt in a cache.
public record TargetServed(ConversationKey conversation, TargetId target) {}
