using Dske.Storage.Databases;

namespace Dske.Storage.Psrd;

/// <summary>What <c>psrd.db</c> looks like: the instance, the books of the blocks, and what a client knows of its hubs.</summary>
internal static class PsrdDatabase
{
    public const string FileName = "psrd.db";

    public static Schema Schema { get; } = new(
        ApplicationId: 0x44534B50,
        [
            """
            CREATE TABLE node (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                instance BLOB NOT NULL,
                kind TEXT NOT NULL) STRICT;

            -- A finished block stays: its UUID must never come to life again.
            CREATE TABLE block (
                number INTEGER PRIMARY KEY,
                peer TEXT NOT NULL,
                owner INTEGER NOT NULL,
                uuid BLOB NOT NULL,
                size INTEGER NOT NULL,
                floor INTEGER NOT NULL,
                erased INTEGER NOT NULL,
                confirmed INTEGER NOT NULL,
                added_at INTEGER NOT NULL,
                finished INTEGER NOT NULL DEFAULT 0,
                UNIQUE (peer, owner, uuid),
                CHECK (size > 0 AND 0 <= erased AND erased <= floor AND floor <= size)) STRICT;
            CREATE INDEX block_in_use ON block (number) WHERE finished = 0;

            CREATE TABLE link (
                hub TEXT PRIMARY KEY,
                instance BLOB,
                was_native INTEGER NOT NULL,
                enrolled INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            """,

            // Couriered files that a client has read.
            """
            ALTER TABLE link ADD COLUMN courier BLOB;

            CREATE TABLE import (
                file BLOB PRIMARY KEY,
                hub TEXT NOT NULL,
                imported_at INTEGER NOT NULL,
                complete INTEGER NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE import_block (
                file BLOB NOT NULL REFERENCES import (file) ON DELETE CASCADE,
                place INTEGER NOT NULL,
                owner INTEGER NOT NULL,
                uuid BLOB NOT NULL,
                size INTEGER NOT NULL,
                PRIMARY KEY (file, place)) STRICT, WITHOUT ROWID;
            """,
        ]);
}
