/// Makes one attempt at one target: calls the upstream, judges its answer, and relays it into the client's response;
/// or lets the upstream count tokens.
///
/// Owns: the HTTP client of one provider on one lane, its running attempts and their deadlines, the classification of upstream failures.
/// Threads: one event loop per instance; every class here is single-threaded.
/// Speaks: answers `provider.<id>.<lane>`, `token-count.<id>.<lane>`.
/// Start reading at: [dev.plexus.provider.Attempt].
@NullMarked
package dev.plexus.provider;

import org.jspecify.annotations.NullMarked;
