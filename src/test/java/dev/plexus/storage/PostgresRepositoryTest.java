package dev.plexus.storage;

import java.sql.Connection;
import java.sql.SQLException;

class PostgresRepositoryTest extends RepositoryContract {

    PostgresRepositoryTest() {
        super(RealPostgres.freshDatabase());
    }

    @Override
    Connection jdbc() throws SQLException {
        return connect("jdbc:postgresql://" + url().substring(url().indexOf('@') + 1) + "?user=postgres&password=postgres");
    }
}
