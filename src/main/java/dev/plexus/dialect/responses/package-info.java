/// OpenAI's Responses: <https://platform.openai.com/docs/api-reference/responses>, as read in 2026.
///
/// Owns: the words of this format, its request scan and edits, what its answers, streams and errors say.
/// Threads: the dialect is stateless; readers belong to one exchange.
/// Never: I/O, a clock, configuration, other dialects.
/// Start reading at: [dev.plexus.dialect.responses.ResponsesDialect].
///
/// Quirks: an answer has a status instead of a finish reason; some back ends announce items only when they are done, or only in the final
/// snapshot, so tool calls are counted at all three places and the largest count holds; errors may be flat or under `error`; there is no
/// `[DONE]`, but some send one.
@NullMarked
package dev.plexus.dialect.responses;

import org.jspecify.annotations.NullMarked;
