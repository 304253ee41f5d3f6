/// Answers the management API: shows what was used and what went wrong, steers cooldowns, quotas and debug traces, and keeps tables from growing for
/// ever.
///
/// Owns: the door of the management API, live streams of events, the rules of debug traces, their writer, and the sweeps of old records.
/// Threads: virtual ones, never an event loop; each verticle does one thing at a time, but for what it waits for.
/// Speaks: answers `admin.request`, `admin.live`, `trace.rules.latest`; hears `trace.record`, `usage.recorded`, `cooldown.view`, `config.in-force`;
/// asks `cooldown.latest`, `cooldown.cleared`, `cooldown.failed`, `quota.standings`, `quota.cleared`; publishes `trace.rules`.
/// Start reading at: [dev.plexus.admin.AdminVerticle].
@NullMarked
package dev.plexus.admin;

import org.jspecify.annotations.NullMarked;
