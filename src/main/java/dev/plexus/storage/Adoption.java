package dev.plexus.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes over a database that an earlier version made: adds the columns that its tables lack, widens numbers that are too narrow, and rebuilds the two
/// tables whose key has changed. Running it twice changes nothing the second time, and a database without our tables is left alone.
///
/// What the columns should be is read from the first migration, played into a scratch schema.
final class Adoption {

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    private static final String FIRST = "/db/migration/V1__tables.sql";
    private static final String SCRATCH = "plexus_adoption";

    /// A column as the database describes it.
    private record Column(String type, @Nullable String standard, boolean required) {}

    /// A table whose primary key grew: the column that joined it, and what its value is in rows that have none.
    private record Rekeyed(String table, String column, String standard) {}

    private static final List<Rekeyed> REKEYED =
            List.of(new Rekeyed("quota_state", "quota_name", "''"), new Rekeyed("response_items", "item_index", "0"));

    private final DataSource source;
    private final Schema.Flavour flavour;

    Adoption(DataSource source, Schema.Flavour flavour) {
        this.source = source;
        this.flavour = flavour;
    }

    void run() throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            if (!Schema.hasTable(connection, Schema.HISTORY) && Schema.hasTable(connection, "request_usage")) {
                adopt(connection);
            }
            connection.commit();
        }
    }

    private void adopt(Connection connection) throws SQLException {
        String schema = connection.getSchema();
        Map<String, Map<String, Column>> wanted = wanted(connection);
        for (Rekeyed rekeyed : REKEYED) {
            if (Schema.hasTable(connection, rekeyed.table()) && !keyOf(connection, schema, rekeyed.table()).contains(rekeyed.column())) {
                rebuild(connection, rekeyed, wanted.getOrDefault(rekeyed.table(), Map.of()));
            }
        }
        for (Map.Entry<String, Map<String, Column>> table : wanted.entrySet()) {
            Map<String, Column> present = columns(connection, schema, table.getKey());
            if (!present.isEmpty()) {
                complete(connection, table.getKey(), present, table.getValue());
            }
        }
        LOG.info("adopted the database of an earlier version");
    }

    private void complete(Connection connection, String table, Map<String, Column> present, Map<String, Column> wanted) throws SQLException {
        for (Map.Entry<String, Column> column : wanted.entrySet()) {
            Column want = column.getValue();
            Column have = present.get(column.getKey());
            String name = "\"" + column.getKey() + "\"";
            if (have == null) {
                // Rows that are there have no value for it, so it is required only where there is a standard one.
                String rule = want.standard() == null ? "" : " default " + want.standard() + (want.required() ? " not null" : "");
                execute(connection, "alter table " + table + " add column " + name + " " + want.type() + rule);
            } else if (flavour == Schema.Flavour.POSTGRES && narrower(have.type(), want.type())) {
                execute(connection, "alter table " + table + " alter column " + name + " type " + want.type());
            }
        }
    }

    /// Copies the rows into a table made by the migration; rows that would now have the same key are reduced to one.
    private void rebuild(Connection connection, Rekeyed rekeyed, Map<String, Column> wanted) throws SQLException {
        String old = rekeyed.table() + "_before_adoption";
        Map<String, Column> present = columns(connection, connection.getSchema(), rekeyed.table());
        execute(connection, "alter table " + rekeyed.table() + " rename to " + old);
        dropIndexesAndKey(connection, old);
        for (String statement : statements()) {
            if (statement.startsWith("create table if not exists " + rekeyed.table() + " ")) {
                execute(connection, statement);
            }
        }
        var shared = wanted.keySet().stream().filter(present::containsKey).toList();
        String columns = String.join(", ", shared);
        String values = columns.replace(rekeyed.column(), "coalesce(" + rekeyed.column() + ", " + rekeyed.standard() + ")");
        execute(connection, "insert into " + rekeyed.table() + " (" + columns + ") select " + values + " from " + old + " where true on conflict do nothing");
        execute(connection, "drop table " + old);
    }

    private void dropIndexesAndKey(Connection connection, String table) throws SQLException {
        if (flavour == Schema.Flavour.POSTGRES) {
            // The key's index keeps the name that the new table's key wants.
            execute(connection, "alter table " + table + " drop constraint if exists " + table.replace("_before_adoption", "_pkey"));
        }
    }

    private Map<String, Map<String, Column>> wanted(Connection connection) throws SQLException {
        return switch (flavour) {
            case SQLITE -> {
                try (Connection scratch = DriverManager.getConnection("jdbc:sqlite::memory:")) {
                    yield play(scratch, null);
                }
            }
            case POSTGRES -> {
                String schema = connection.getSchema();
                execute(connection, "create schema " + SCRATCH);
                execute(connection, "set local search_path to " + SCRATCH);
                Map<String, Map<String, Column>> tables = play(connection, SCRATCH);
                execute(connection, "set local search_path to \"" + schema + "\"");
                execute(connection, "drop schema " + SCRATCH + " cascade");
                yield tables;
            }
        };
    }

    private Map<String, Map<String, Column>> play(Connection scratch, @Nullable String schema) throws SQLException {
        Map<String, Map<String, Column>> tables = new LinkedHashMap<>();
        for (String statement : statements()) {
            execute(scratch, statement);
            if (statement.startsWith("create table")) {
                String table = statement.split("\\s+")[5];
                tables.put(table, columns(scratch, schema, table));
            }
        }
        return tables;
    }

    private List<String> statements() {
        String text;
        try (InputStream file = Adoption.class.getResourceAsStream(FIRST)) {
            if (file == null) {
                throw new IllegalStateException(FIRST + " is not on the class path");
            }
            text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        for (Map.Entry<String, String> placeholder : flavour.placeholders().entrySet()) {
            text = text.replace("${" + placeholder.getKey() + "}", placeholder.getValue());
        }
        return text.lines().filter(line -> !line.startsWith("--")).reduce("", (all, line) -> all + line + "\n").transform(Adoption::split);
    }

    private static List<String> split(String text) {
        return Stream.of(text.split(";")).map(String::strip).filter(statement -> !statement.isEmpty()).toList();
    }

    private static Map<String, Column> columns(Connection connection, @Nullable String schema, String table) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (ResultSet found = connection.getMetaData().getColumns(null, schema, table, null)) {
            while (found.next()) {
                columns.put(
                        found.getString("COLUMN_NAME"),
                        new Column(
                                found.getString("TYPE_NAME"),
                                found.getString("COLUMN_DEF"),
                                "NO".equals(found.getString("IS_NULLABLE"))));
            }
        }
        return columns;
    }

    private static List<String> keyOf(Connection connection, String schema, String table) throws SQLException {
        List<String> key = new ArrayList<>();
        try (ResultSet found = connection.getMetaData().getPrimaryKeys(null, schema, table)) {
            while (found.next()) {
                key.add(found.getString("COLUMN_NAME"));
            }
        }
        return key;
    }

    private static boolean narrower(String have, String want) {
        String wanted = want.toLowerCase(Locale.ROOT);
        return switch (have.toLowerCase(Locale.ROOT)) {
            case "float4", "real" -> wanted.equals("float8");
            case "int2", "int4", "integer", "serial" -> wanted.equals("int8");
            default -> false;
        };
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
