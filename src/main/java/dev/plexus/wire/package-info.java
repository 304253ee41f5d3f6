/// Bytes in, structure out: bodies in pieces, the scan of a JSON object's top level, splicing, server-sent event frames.
///
/// Owns: `Pieces`, `Splice`, `TopLevel` with its scan and edits, `SseFramer`, `Shape` and the two ways to walk along it, JSON limits.
/// Threads: values are immutable; scanners and framers belong to one exchange on one event loop.
/// Never: vendor field names, I/O, Vert.x.
/// Start reading at: [dev.plexus.wire.Pieces].
@NullMarked
package dev.plexus.wire;

import org.jspecify.annotations.NullMarked;
