/// What every wire format offers to the gateway; each room below is one format, with the same file names in all of them.
///
/// Owns: `Dialect` and, for those in which conversations are held, `ConversationDialect`, with the values that their roles exchange; `Dialects`, the
/// list of all of them; `Translation` and what it is made of (`Repairs`, `Emitter`, `Collector`, `Traits`, `ToolNames`, `Envelope`, `Drops`); what
/// several rooms need that is no vendor's alone: `Counts` and `Tally`, `HeadFields`, `PassThrough`, `ErrorFields`, and OpenAI's error form.
/// Threads: dialects are stateless and safe everywhere; a watch, a translation, a reader or writer of a stream belongs to one exchange.
/// Never: I/O, a clock, configuration, Vert.x; one dialect never knows another.
/// Start reading at: [dev.plexus.dialect.Dialect], for translation at [dev.plexus.dialect.Translation].
@NullMarked
package dev.plexus.dialect;

import org.jspecify.annotations.NullMarked;
