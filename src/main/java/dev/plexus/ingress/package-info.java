/// Takes requests from clients and gives them their answers: listeners, authentication, body intake, one `Exchange` for each, or a
/// `TokenCountExchange` where only tokens are to be counted.
///
/// Owns: the HTTP servers, running exchanges, the walk over a plan's candidates, the one usage record of each exchange.
/// Threads: one event loop per instance; every class here is single-threaded.
/// Speaks: asks `routing.plan`, `provider.<id>.<lane>`, `token-count.<id>.<lane>`, `quota.check`, `usage.lane`; tells `usage.record`,
/// `quota.settle`, `cooldown.*`; hears `config.in-force`; answers `ingress.drain`.
/// Start reading at: [dev.plexus.ingress.Exchange].
@NullMarked
package dev.plexus.ingress;

import org.jspecify.annotations.NullMarked;
