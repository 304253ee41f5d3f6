/// Google's generateContent: <https://ai.google.dev/api/generate-content>, v1beta, as read in 2026.
///
/// Owns: the words of this format, its request scan and edits, its URLs, what its answers, streams and errors say, and its translation from and into
/// the canonical conversation.
/// Threads: the dialect is stateless; readers belong to one exchange.
/// Never: I/O, a clock, configuration, other dialects.
/// Start reading at: [dev.plexus.dialect.gemini.GeminiDialect].
///
/// Quirks: the model is in the path; a stream has no last frame, only a finish reason, which some back ends put on every chunk; thoughts
/// are counted apart from candidates; an error may come wrapped in an array; an invalid key is a 400 with the reason `API_KEY_INVALID`; a
/// call whose arguments are streamed is named only in its first part; calls seldom have ids, so results find theirs by name and order; a signature
/// belongs to one part and must come back on it; names are spelled in camelCase or in snake_case; schemas come in two forms.
@NullMarked
package dev.plexus.dialect.gemini;

import org.jspecify.annotations.NullMarked;
