package dev.plexus.storage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Where the data lives, as `DATABASE_URL` says it. No message and no `toString` of this type contains the password.
public sealed interface DatabaseUrl {

    /// A SQLite file.
    record SqliteFile(Path file) implements DatabaseUrl {
        @Override
        public String toString() {
            return "sqlite://" + file;
        }
    }

    /// A SQLite database that dies with the process.
    record SqliteMemory() implements DatabaseUrl {
        @Override
        public String toString() {
            return "sqlite://:memory:";
        }
    }

    /// A PostgreSQL database.
    record Postgres(String host, int port, String database, String user, String password, SslMode sslMode) implements DatabaseUrl {
        @Override
        public String toString() {
            return "postgres://" + user + "@" + host + ":" + port + "/" + database + "?sslmode=" + sslMode.label();
        }
    }

    /// How much TLS a PostgreSQL connection insists on.
    enum SslMode {
        DISABLE,
        PREFER,
        REQUIRE,
        VERIFY_CA,
        VERIFY_FULL;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    int POSTGRES_PORT = 5_432;
    String POSTGRES_FORM = "postgres://user:password@host:5432/database (special characters of the password percent-encoded)";

    /// Reads every form of `DATABASE_URL`. Throws `IllegalArgumentException` in words for the person who wrote it.
    static DatabaseUrl parse(String text) {
        String url = text.strip();
        if (url.equals("sqlite::memory:") || url.equals("sqlite://:memory:")) {
            return new SqliteMemory();
        }
        if (url.startsWith("sqlite://")) {
            String file = url.substring("sqlite://".length());
            if (file.isEmpty() || file.endsWith("/")) {
                throw new IllegalArgumentException("DATABASE_URL names no file: sqlite:///absolute/path.db or sqlite://./relative/path.db");
            }
            return new SqliteFile(Path.of(file));
        }
        if (url.startsWith("postgres://") || url.startsWith("postgresql://")) {
            return postgres(url);
        }
        throw new IllegalArgumentException("DATABASE_URL must start with sqlite:// or postgres://");
    }

    /// By hand, because `java.net.URI` refuses host names with underscores, which container networks are full of, and quotes its input in messages.
    private static Postgres postgres(String url) {
        String rest = url.substring(url.indexOf("://") + 3);
        int question = rest.indexOf('?');
        Map<String, String> query = query(question < 0 ? "" : rest.substring(question + 1));
        String place = question < 0 ? rest : rest.substring(0, question);
        int at = place.lastIndexOf('@');
        String account = at < 0 ? "" : place.substring(0, at);
        String address = place.substring(at + 1);
        int slash = address.indexOf('/');
        String database = slash < 0 ? "" : decoded(address.substring(slash + 1));
        String authority = slash < 0 ? address : address.substring(0, slash);
        int colon = account.indexOf(':');
        String user = decoded(colon < 0 ? account : account.substring(0, colon));
        int portAt = authority.lastIndexOf(':');
        boolean hasPort = portAt > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, portAt) : authority;
        if (host.isEmpty() || user.isEmpty() || database.isEmpty()) {
            String missing = host.isEmpty() ? "host" : user.isEmpty() ? "user" : "database";
            throw new IllegalArgumentException("DATABASE_URL names no " + missing + ": " + POSTGRES_FORM);
        }
        return new Postgres(
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
                hasPort ? port(authority.substring(portAt + 1)) : POSTGRES_PORT,
                database,
                user,
                colon < 0 ? "" : decoded(account.substring(colon + 1)),
                sslMode(query));
    }

    private static int port(String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below, without what was there: a password with a raw slash or colon ends up here.
        }
        throw new IllegalArgumentException("DATABASE_URL has a port that is no number from 1 to 65535: " + POSTGRES_FORM);
    }

    private static SslMode sslMode(Map<String, String> query) {
        String wanted = query.getOrDefault("sslmode", "prefer");
        for (SslMode mode : SslMode.values()) {
            if (mode.label().equals(wanted)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "DATABASE_URL: sslmode must be one of disable, prefer, require, verify-ca, verify-full");
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("DATABASE_URL has a percent sign that does not begin an encoded character");
        }
    }
}
