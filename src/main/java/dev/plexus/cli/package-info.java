/// The command line: what `./plexus` understands.
///
/// Owns: the subcommands and their options.
/// Threads: the main thread, before and beside the event loops.
/// Speaks: prints to the terminal; nobody else does.
/// Start reading at: [dev.plexus.cli.Main].
@NullMarked
package dev.plexus.cli;

import org.jspecify.annotations.NullMarked;
