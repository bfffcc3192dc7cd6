using Dske.Storage.Databases;

namespace Dske.Storage.States;

/// <summary>What a hub's <c>state.db</c> looks like.</summary>
internal static class HubDatabase
{
    public const string FileName = "state.db";

    public static Schema Schema { get; } = new(
        ApplicationId: 0x44534B48,
        [
            """
            CREATE TABLE node (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                instance BLOB NOT NULL,
                has_records INTEGER NOT NULL DEFAULT 0) STRICT;

            CREATE TABLE registration (
                client TEXT PRIMARY KEY,
                instance BLOB,
                enrolled INTEGER NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE encryptor (
                client TEXT NOT NULL REFERENCES registration (client) ON DELETE CASCADE,
                place INTEGER NOT NULL,
                sae TEXT NOT NULL,
                PRIMARY KEY (client, place)) STRICT, WITHOUT ROWID;
            """,

            // Files that couriers carry.
            """
            ALTER TABLE registration ADD COLUMN courier BLOB;

            CREATE TABLE export (
                number INTEGER PRIMARY KEY,
                file BLOB NOT NULL UNIQUE,
                client TEXT NOT NULL,
                enrols BLOB,
                instance BLOB,
                made_at INTEGER NOT NULL,
                complete INTEGER NOT NULL) STRICT;

            CREATE TABLE export_encryptor (
                file BLOB NOT NULL REFERENCES export (file) ON DELETE CASCADE,
                place INTEGER NOT NULL,
                sae TEXT NOT NULL,
                PRIMARY KEY (file, place)) STRICT, WITHOUT ROWID;

            CREATE TABLE export_block (
                file BLOB NOT NULL REFERENCES export (file) ON DELETE CASCADE,
                place INTEGER NOT NULL,
                owner INTEGER NOT NULL,
                uuid BLOB NOT NULL,
                size INTEGER NOT NULL,
                PRIMARY KEY (file, place)) STRICT, WITHOUT ROWID;
            """,
        ]);
}
