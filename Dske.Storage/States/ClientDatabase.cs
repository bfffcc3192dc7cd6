using Dske.Storage.Databases;

namespace Dske.Storage.States;

/// <summary>What a client's <c>state.db</c> looks like.</summary>
internal static class ClientDatabase
{
    public const string FileName = "state.db";

    public static Schema Schema { get; } = new(
        ApplicationId: 0x44534B43,
        [
            """
            CREATE TABLE node (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                instance BLOB NOT NULL,
                has_records INTEGER NOT NULL DEFAULT 0) STRICT;
            """,
        ]);
}
