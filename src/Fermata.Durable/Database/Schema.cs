namespace Fermata.Durable;

/// <summary>The tables, in words that SQLite and PostgreSQL both understand. Times are milliseconds since 1970.</summary>
internal static class Schema
{
    /// <summary>What makes the tables if they are not there.</summary>
    public const string Create =
        """
        CREATE TABLE IF NOT EXISTS fermata_modules (hash BYTEA PRIMARY KEY, name TEXT NOT NULL, bytes BYTEA NOT NULL);
        CREATE TABLE IF NOT EXISTS fermata_owners (id TEXT PRIMARY KEY, until BIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS fermata_writers (id TEXT PRIMARY KEY, number BIGINT NOT NULL, changed BIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS fermata_stores (
            name TEXT PRIMARY KEY, module BYTEA NOT NULL, is_kept BIGINT NOT NULL, epoch BIGINT NOT NULL, owner TEXT, due BIGINT, snapshot BYTEA, error TEXT);
        CREATE INDEX IF NOT EXISTS fermata_stores_due ON fermata_stores (due) WHERE due IS NOT NULL;
        CREATE INDEX IF NOT EXISTS fermata_stores_owner ON fermata_stores (owner) WHERE owner IS NOT NULL;
        CREATE TABLE IF NOT EXISTS fermata_calls (
            key TEXT PRIMARY KEY, store TEXT NOT NULL, export TEXT NOT NULL, arguments BYTEA NOT NULL, state BIGINT NOT NULL, is_cancelled BIGINT NOT NULL,
            deadline BIGINT, results BYTEA, error TEXT, created BIGINT NOT NULL, changed BIGINT NOT NULL);
        CREATE INDEX IF NOT EXISTS fermata_calls_store_state ON fermata_calls (store, state);
        DROP INDEX IF EXISTS fermata_calls_store;
        CREATE INDEX IF NOT EXISTS fermata_calls_state ON fermata_calls (state, created);
        CREATE TABLE IF NOT EXISTS fermata_waits (
            store TEXT NOT NULL, key TEXT NOT NULL, function TEXT NOT NULL, request TEXT NOT NULL, event TEXT, due BIGINT, result TEXT, error TEXT, PRIMARY KEY (store, key));
        CREATE TABLE IF NOT EXISTS fermata_events (id TEXT PRIMARY KEY, store TEXT NOT NULL, event TEXT NOT NULL, content TEXT NOT NULL, raised BIGINT NOT NULL);
        CREATE INDEX IF NOT EXISTS fermata_events_event ON fermata_events (store, event);
        CREATE TABLE IF NOT EXISTS fermata_output (store TEXT NOT NULL, number BIGINT NOT NULL, is_error BIGINT NOT NULL, content BYTEA NOT NULL, PRIMARY KEY (store, number, is_error));
        CREATE TABLE IF NOT EXISTS fermata_pages (name BYTEA PRIMARY KEY, bytes BYTEA NOT NULL, touched BIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS fermata_store_pages (store TEXT NOT NULL, page BYTEA NOT NULL, PRIMARY KEY (store, page));
        CREATE INDEX IF NOT EXISTS fermata_store_pages_page ON fermata_store_pages (page)
        """;
}
