package dev.plexus.storage;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteAdminQueriesTest extends AdminQueriesContract {

    SqliteAdminQueriesTest(@TempDir Path directory) {
        super("sqlite://" + directory.resolve("p.db"));
    }
}
