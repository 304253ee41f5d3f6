package dev.plexus.live;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigFault;
import dev.plexus.config.ConfigRead;
import dev.plexus.message.ConfigState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of a configuration file as it is found: which snapshot serves, and what is wrong with a file that does not.
/// Single-threaded; knows no clock and no files.
final class Reload {

    /// What to do next. `remarks` are the warnings and notices of a file that is good.
    sealed interface Verdict {

        /// The snapshot that serves is what the file says.
        record Unchanged(List<ConfigFault> remarks) implements Verdict {}

        /// The file may have been caught half written: read it once more before saying anything.
        record Again() implements Verdict {}

        /// The file stays out, the last good snapshot stays in.
        record Refused(List<ConfigFault> faults) implements Verdict {}

        /// A new snapshot serves from now on.
        record Adopted(Config config, List<ConfigFault> remarks) implements Verdict {}
    }

    /// What reading a file comes to that cannot be read at all.
    static final ConfigRead GONE =
            new ConfigRead(null, List.of(new ConfigFault(ConfigFault.Severity.ERROR, 1, 1, "", "the file cannot be read")));

    private Config serving;
    private String judged = "";
    private List<ConfigFault> refused = List.of();

    Reload(Config initial) {
        this.serving = initial;
    }

    /// False for a text that has been judged last, byte for byte; null is a file that cannot be read.
    boolean isNews(@Nullable String text) {
        return !fingerprint(text).equals(judged);
    }

    /// `read` is what the reader made of the text; `again` is true on the second look at it.
    Verdict judge(@Nullable String text, ConfigRead read, boolean again) {
        Config found = read.config();
        if (found == null && !again) {
            return new Verdict.Again();
        }
        judged = fingerprint(text);
        if (found == null) {
            refused = read.faults();
            return new Verdict.Refused(refused);
        }
        refused = List.of();
        List<ConfigFault> remarks = read.faults();
        if (found.hash().equals(serving.hash())) {
            return new Verdict.Unchanged(remarks);
        }
        serving = found;
        return new Verdict.Adopted(found, remarks);
    }

    ConfigState state() {
        return new ConfigState(serving.hash(), refused);
    }

    private static String fingerprint(@Nullable String text) {
        if (text == null) {
            return "gone";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
