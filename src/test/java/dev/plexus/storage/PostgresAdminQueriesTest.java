package dev.plexus.storage;

class PostgresAdminQueriesTest extends AdminQueriesContract {

    PostgresAdminQueriesTest() {
        super(RealPostgres.freshDatabase());
    }
}
