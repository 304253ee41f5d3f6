/// The words every other room speaks: ids, dialects, token counts, error kinds.
///
/// Owns: identifiers, `DialectId`, `Usage`, `ErrorKind`, `GatewayError`.
/// Threads: immutable values, safe everywhere.
/// Never: JSON, HTTP, Vert.x, a clock.
/// Start reading at: [dev.plexus.model.DialectId].
@NullMarked
package dev.plexus.model;

import org.jspecify.annotations.NullMarked;
