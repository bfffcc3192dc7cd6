using Dske.Protocol.KeyDelivery;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>In what pieces the pad of a link is got from a KME.</summary>
/// <param name="KeyBytes">The size of a key.</param>
/// <param name="MaxKeys">How many to ask for at a time.</param>
internal sealed record PadPlan(int KeyBytes, int MaxKeys)
{
    /// <summary>How often to look whether pad runs low.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private const int MaxKeyBytes = 1024 * 1024;
    private const int MaxRequestBytes = 8 * 1024 * 1024;

    /// <summary>Makes a plan; null when the KME's keys are too short.</summary>
    public static PadPlan? For(LinkSettings settings, KmeStatus kme)
    {
        var wanted = Math.Clamp(settings.PadBytes / 8, PadKeys.MinKeyBytes, MaxKeyBytes);
        var bytes = (int)Math.Min(wanted, kme.MaxKeySize / 8);
        bytes -= bytes % PadKeys.MinKeyBytes;
        var keys = Math.Min(Math.Min(LinkHello.MaxKeys, kme.MaxKeyPerRequest), Math.Max(1, MaxRequestBytes / Math.Max(1, bytes)));
        return bytes == 0 || keys < 2 ? null : new PadPlan(bytes, keys);
    }

    /// <summary>Whether either direction has less than half of what is to be kept.</summary>
    public static bool IsLow(LinkSecrets secrets, LinkSettings settings) =>
        secrets is PadSecrets pads && Math.Min(pads.Sending.Available, pads.Receiving.Available) < settings.PadBytes / 2;

    /// <summary>Whether both directions have what is to be kept. What was low is filled until then.</summary>
    public static bool IsFull(LinkSecrets secrets, LinkSettings settings) =>
        secrets is PadSecrets pads && Math.Min(pads.Sending.Available, pads.Receiving.Available) >= settings.PadBytes;

    /// <summary>Whether a responder has room for the keys of a hello: no more in either direction than the largest reserve, and what one request brings.</summary>
    /// <param name="secrets">What there is; null for nothing.</param>
    /// <param name="hello">What the initiator would have it take.</param>
    public static bool HasRoom(LinkSecrets? secrets, LinkHello hello)
    {
        const long most = LinkLimits.MaxPadBytes + MaxRequestBytes;
        return hello.Cipher != LinkCipher.OneTimePad
            || secrets is not PadSecrets pads
            || (pads.Receiving.Available + ((long)hello.InitiatorKeys * hello.KeyBytes) <= most
                && pads.Sending.Available + ((long)(hello.KeyIds.Count - hello.InitiatorKeys) * hello.KeyBytes) <= most);
    }

    /// <summary>How many keys to ask for, for either direction. The emptier one gets more.</summary>
    /// <param name="secrets">What there is; null for nothing.</param>
    /// <param name="settings">What there is to be.</param>
    public (int ToResponder, int ToInitiator, int KeyBytes) Next(LinkSecrets? secrets, LinkSettings settings)
    {
        var pads = secrets as PadSecrets;
        var sending = Missing(pads?.Sending.Available ?? 0, settings);
        var receiving = Missing(pads?.Receiving.Available ?? 0, settings);
        var sum = sending + receiving;
        if (sum > MaxKeys)
        {
            sending = (int)Math.Clamp((long)MaxKeys * sending / sum, sending > 0 ? 1 : 0, receiving > 0 ? MaxKeys - 1 : MaxKeys);
            receiving = Math.Min(receiving, MaxKeys - sending);
        }

        return sending + receiving == 0 ? (1, 1, KeyBytes) : (sending, receiving, KeyBytes);
    }

    private int Missing(long available, LinkSettings settings) =>
        (int)Math.Clamp((settings.PadBytes - available + KeyBytes - 1) / KeyBytes, 0, int.MaxValue / 2);
}
