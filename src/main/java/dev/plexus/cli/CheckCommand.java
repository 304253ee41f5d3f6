package dev.plexus.cli;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigFault;
import dev.plexus.config.ConfigRead;
import dev.plexus.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// `plexus check`: reads a configuration as `serve` would and lists every fault with its place; starts nothing.
final class CheckCommand {

    private final Terminal terminal;
    private final Launch launch;

    CheckCommand(Terminal terminal, Launch launch) {
        this.terminal = terminal;
        this.launch = launch;
    }

    int run(@Nullable String config) {
        @Nullable Path file = launch.configFile(config);
        if (file == null) {
            return Exit.FAILED;
        }
        ConfigRead read;
        try {
            read = new ConfigReader(launch.variables(), secret -> Files.readString(Path.of(secret))).read(Files.readString(file));
        } catch (IOException unreadable) {
            terminal.complain("cannot read " + file + ": " + unreadable);
            return Exit.FAILED;
        }
        for (ConfigFault fault : read.faults()) {
            String mark =
                    switch (fault.severity()) {
                        case ERROR -> "";
                        case WARNING -> "warning: ";
                        case NOTICE -> "notice: ";
                    };
            terminal.err().println(mark + fault.describe(file.toString()));
        }
        int warnings = read.warnings().size();
        int notices = read.notices().size();
        @Nullable Config good = read.config();
        if (good == null) {
            terminal.say(file + ": " + counted(read.errors().size(), "error") + ", " + counted(warnings, "warning"));
            return Exit.FAILED;
        }
        terminal.say(file + ": good (" + counted(good.providers().size(), "provider") + ", " + counted(good.aliases().size(), "alias")
                + ", " + counted(good.keys().size(), "key") + "; " + counted(warnings, "warning")
                + (notices == 0 ? "" : ", " + counted(notices, "notice")) + ")");
        return Exit.OK;
    }

    private static String counted(int count, String noun) {
        String plural = noun.endsWith("s") ? noun + "es" : noun + "s";
        return count + " " + (count == 1 ? noun : plural);
    }
}
