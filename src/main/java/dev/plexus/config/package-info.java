/// The configuration as immutable records, and the reader that turns YAML into them or into a list of faults.
///
/// Owns: `Config` and everything below it, `ConfigReader` with the `Schema` of known keys, `ConfigFault`.
/// Threads: immutable values; the reader is stateless.
/// Never: watching files (that is `live`), the network, Vert.x.
/// Start reading at: [dev.plexus.config.Config].
@NullMarked
package dev.plexus.config;

import org.jspecify.annotations.NullMarked;
