package dev.plexus.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

class SqliteRepositoryTest extends RepositoryContract {

    private final Path file;

    SqliteRepositoryTest(@TempDir Path directory) {
        super("sqlite://" + directory.resolve("new/p.db"));
        this.file = directory.resolve("new/p.db");
    }

    @Override
    Connection jdbc() throws SQLException {
        return connect("jdbc:sqlite:" + file);
    }
}
