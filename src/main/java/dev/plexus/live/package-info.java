/// Keeps the configuration alive: watches its file, and tells everyone when a new one holds.
///
/// Owns: the serving snapshot, and the faults of a file that was refused.
/// Threads: one event loop; files are read and parsed on workers.
/// Speaks: answers `config.state`; tells `config.changed`.
/// Start reading at: [dev.plexus.live.ConfigVerticle].
@NullMarked
package dev.plexus.live;

import org.jspecify.annotations.NullMarked;
