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
                instance BLOB NOT NULL) STRICT;

            CREATE TABLE registration (
                client TEXT PRIMARY KEY,
                instance BLOB,
                enrolled INTEGER NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE encryptor (
                client TEXT NOT NULL REFERENCES registration (client) ON DELETE CASCADE,
                place INTEGER NOT NULL,
                sae TEXT NOT NULL,
                PRIMARY KEY (client, place)) STRICT, WITHOUT ROWID;

            -- The value is encrypted under the key in a slot of the file share-keys. No other index: each would cost every share two more
            -- pages to write.
            CREATE TABLE share (
                slot INTEGER PRIMARY KEY CHECK (slot >= 0),
                posted_by TEXT NOT NULL,
                key_id BLOB NOT NULL,
                master TEXT NOT NULL,
                slave TEXT NOT NULL,
                slave_client TEXT NOT NULL,
                share_index INTEGER NOT NULL,
                sealed BLOB NOT NULL,
                expires_at INTEGER NOT NULL,
                delivered INTEGER NOT NULL) STRICT;
            """,
        ]);
}
