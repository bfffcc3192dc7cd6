namespace Dske.Benchmarks.Tunnels;

/// <summary>What to measure.</summary>
/// <param name="Encryptor">The encryptor at which the tunnel begins, with its name in the path.</param>
/// <param name="Peer">Where it leads.</param>
/// <param name="Cipher">How it is sealed.</param>
/// <param name="Warmup">How long to send before anything counts.</param>
/// <param name="Duration">How long to send.</param>
/// <param name="Rate">How much to send when the sender does not send all it can, in 10^6 bits a second.</param>
/// <param name="PadBytes">With a one-time pad: how many bytes of it to have first.</param>
/// <param name="Port">The first of three ports.</param>
internal sealed record TunnelPlan(Uri Encryptor, string Peer, string Cipher, TimeSpan Warmup, TimeSpan Duration, double Rate, long PadBytes, int Port)
{
    /// <summary>Whether there is only so much to send.</summary>
    public bool IsPad => Cipher == "one-time-pad";

    public int TunnelPort => Port;

    public int TargetPort => Port + 1;

    public int RelayPort => Port + 2;

    /// <summary>How many bytes to send at most: less than there is of a pad.</summary>
    public long MaxBytes => IsPad ? PadBytes / 8 * 7 : long.MaxValue;
}
