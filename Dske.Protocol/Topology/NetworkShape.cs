using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Topology;

/// <summary>
/// What every node of a network must hold alike: which hubs there are, in which order (a hub's place is its share index), and how
/// many shares rebuild a key. Hubs and clients compare the <see cref="ComputeHash">hash</see> at registration.
/// </summary>
/// <remarks>Immutable, hence safe for concurrent use. Equal when names, order and threshold are.</remarks>
public sealed record NetworkShape
{
    // Hashed first, so that no other hash of ours can be taken for this one.
    private static readonly byte[] Label = [.. "dske/network-shape/v1"u8];

    /// <summary>Describes a network.</summary>
    /// <param name="hubNames">The hubs in order, 2 to 16 of them, each once. The list is copied.</param>
    /// <param name="threshold">How many shares rebuild a key: from 2 to the number of hubs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hubNames"/> is null.</exception>
    /// <exception cref="ArgumentException">There are too few or too many hubs, a name is empty, or one occurs twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is out of range.</exception>
    public NetworkShape(IReadOnlyList<NodeName> hubNames, int threshold)
    {
        ArgumentNullException.ThrowIfNull(hubNames);
        if (hubNames.Count is < NetworkTopology.MinHubs or > NetworkTopology.MaxHubs)
        {
            throw new ArgumentException(
                $"A network has {NetworkTopology.MinHubs} to {NetworkTopology.MaxHubs} hubs, not {hubNames.Count}.", nameof(hubNames));
        }

        if (hubNames.Any(name => name.IsEmpty) || hubNames.Distinct().Count() != hubNames.Count)
        {
            throw new ArgumentException("Every hub needs a name of its own.", nameof(hubNames));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, NetworkTopology.MinThreshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, hubNames.Count);
        HubNames = [.. hubNames];
        Threshold = threshold;
    }

    /// <summary>The hubs; the place of a name is its hub's share index.</summary>
    public IReadOnlyList<NodeName> HubNames { get; }

    /// <summary>How many shares rebuild a key.</summary>
    public int Threshold { get; }

    /// <summary>
    /// SHA-256 over an unambiguous encoding: a label, the number of hubs, each name, the threshold. Numbers are 32 bits, most
    /// significant byte first; label and names are UTF-8, each after its length in bytes.
    /// </summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendText(hash, Label);
        AppendNumber(hash, HubNames.Count);
        foreach (var name in HubNames)
        {
            AppendText(hash, Encoding.UTF8.GetBytes(name.Value));
        }

        AppendNumber(hash, Threshold);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether both describe the same network.</summary>
    /// <param name="other">The shape to compare with.</param>
    public bool Equals(NetworkShape? other) =>
        other is not null && Threshold == other.Threshold && HubNames.SequenceEqual(other.HubNames);

    /// <inheritdoc />
    public override int GetHashCode() => HubNames.Aggregate(Threshold, HashCode.Combine);

    private static void AppendText(IncrementalHash hash, ReadOnlySpan<byte> utf8)
    {
        AppendNumber(hash, utf8.Length);
        hash.AppendData(utf8);
    }

    private static void AppendNumber(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
