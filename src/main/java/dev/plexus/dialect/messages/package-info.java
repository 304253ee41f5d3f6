/// Anthropic's Messages: <https://docs.anthropic.com/en/api/messages>, version 2023-06-01, as read in 2026.
///
/// Owns: the words of this format, its request scan and edits, what its answers, streams and errors say.
/// Threads: the dialect is stateless; readers belong to one exchange.
/// Never: I/O, a clock, configuration, other dialects.
/// Start reading at: [dev.plexus.dialect.messages.MessagesDialect].
///
/// Quirks: usage is spread over `message_start` and any number of `message_delta`, which may repeat 0 for what was said before, so each
/// count is the largest seen; input tokens exclude the cache; proxies drop event names, so the type inside the data counts.
@NullMarked
package dev.plexus.dialect.messages;

import org.jspecify.annotations.NullMarked;
