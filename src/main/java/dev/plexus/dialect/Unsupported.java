package dev.plexus.dialect;

/// This target cannot serve the request, and leaving out what it cannot carry would change the meaning: the next target is tried, and if none can, the
/// client is told. `path` is the offending member, in the words of the canonical request where the client's are not known.
public final class Unsupported extends RuntimeException {

    private final String path;

    public Unsupported(String path, String reason) {
        super(reason, null, false, false);
        this.path = path;
    }

    public String path() {
        return path;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
