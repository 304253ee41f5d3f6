/// What every wire format offers to the gateway; each room below is one format, with the same file names in all of them.
///
/// Owns: `Dialect` and the values that its roles exchange; `Dialects`, the list of all of them; what several rooms need that is no
/// vendor's alone: `Counts` and `Tally`, `HeadFields`, `PassThrough`, `ErrorFields`, and OpenAI's error form.
/// Threads: dialects are stateless and safe everywhere; a watch belongs to one exchange.
/// Never: I/O, a clock, configuration, Vert.x; one dialect never knows another.
/// Start reading at: [dev.plexus.dialect.Dialect].
@NullMarked
package dev.plexus.dialect;

import org.jspecify.annotations.NullMarked;
