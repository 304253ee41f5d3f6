package dev.plexus.message;

import dev.plexus.model.DialectId;

/// A conversation at an alias, as far as its beginning tells. Each dialect has its own, because a prompt cache knows only one wire format.
public record ConversationKey(String alias, DialectId dialect, long beginning) {}
