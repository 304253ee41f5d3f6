/// OpenAI's Embeddings: <https://platform.openai.com/docs/api-reference/embeddings>, as read in 2026.
///
/// Owns: the words of this format, its request scan and edits, what its answers and errors say.
/// Threads: the dialect is stateless; readers belong to one exchange.
/// Never: I/O, a clock, configuration, other dialects.
/// Start reading at: [dev.plexus.dialect.embeddings.EmbeddingsDialect].
///
/// Quirks: there are no streams, so every frame is malformed; usage may be missing, or have only a total.
@NullMarked
package dev.plexus.dialect.embeddings;

import org.jspecify.annotations.NullMarked;
