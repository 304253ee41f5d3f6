/// OpenAI's Chat Completions, and the many that speak it: <https://platform.openai.com/docs/api-reference/chat>, as read in 2026.
///
/// Owns: the words of this format, its request scan and edits, what its answers, streams and errors say, and its way to and from the hub.
/// Threads: the dialect is stateless; readers belong to one exchange.
/// Never: I/O, a clock, configuration, other dialects.
/// Start reading at: [dev.plexus.dialect.chat.ChatDialect].
///
/// Quirks: usage may sit in `x_groq.usage` (Groq) or `choices[0].usage` (Moonshot); some count reasoning apart from completion tokens;
/// some number every parallel tool call 0; OpenRouter ends a failed stream with `finish_reason: "error"` beside an `error` member; some
/// send the whole `message` in the last chunk of a stream; `[DONE]` may be missing. Thoughts come as `reasoning_content` (DeepSeek),
/// `reasoning` and `reasoning_details` (OpenRouter), parts of the content (Mistral) or `<think>` tags, and often in two of these forms at
/// once; Gemini models hand out the signatures of their calls in `extra_content` (Google).
@NullMarked
package dev.plexus.dialect.chat;

import org.jspecify.annotations.NullMarked;
