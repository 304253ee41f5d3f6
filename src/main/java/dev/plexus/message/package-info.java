/// Everything that rooms say to one another: the records, their typed addresses, and the bus that carries them.
///
/// Owns: `Bus`, `Address`, `Addresses`, `Fault`, the messages, `Slots` and `ProbeLeases`.
/// Threads: messages are immutable values, except where one hands over something live and says so; `Slots` and `ProbeLeases` are shared by all lanes.
/// Speaks: for all rooms; knows none of them.
/// Start reading at: [dev.plexus.message.Addresses].
@NullMarked
package dev.plexus.message;

import org.jspecify.annotations.NullMarked;
