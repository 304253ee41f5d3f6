/// How many tokens a text or a request has, counted here: for clients that ask before they send, and for answers that come without counts.
///
/// Owns: `TokenCounter`, `RequestTokens`, the heuristic behind them.
/// Threads: pure functions. The first count loads the tokenizer's vocabulary and takes a while, and large texts take time: never on an event loop.
/// Never: Vert.x, the network, a clock; anything at start-up.
/// Start reading at: [dev.plexus.tokens.RequestTokens].
@NullMarked
package dev.plexus.tokens;

import org.jspecify.annotations.NullMarked;
