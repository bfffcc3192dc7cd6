using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Sinks;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Encryptor.Sinks;

/// <summary>Sinks of sam with sofia, and keys for them.</summary>
internal static class SampleSinks
{
    public static readonly Peer Sofia = new(SaeId.Parse("sofia"), new Uri("http://sofia/"));

    /// <summary>The bytes 0, 1, 2 and so on, each increased by <paramref name="number"/>.</summary>
    public static byte[] Bytes(int number, int length = 32) => [.. Enumerable.Range(number, length).Select(i => (byte)i)];

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static EstablishedKey Describe(int number, DateTimeOffset at = default) => new(Sofia.SaeId, KeyRole.Initiator, Id(number), 256, "0123abcd", at);

    public static SinkKey Key(int number, int length = 32) => new(Describe(number), SecretBytes.CopyOf(Bytes(number, length)));

    public static SinkSettings Settings(TargetSettings target, KeyEncoding encoding = KeyEncoding.Base64) =>
        new(Sofia, "wg0", null, 256, new KeyFormat(encoding, true), target);
}
