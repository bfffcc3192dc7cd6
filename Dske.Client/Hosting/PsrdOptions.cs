namespace Dske.Client.Hosting;

/// <summary>How much PSRD a client keeps in each of the two pools of a link, <c>Dske:Client:Psrd</c>.</summary>
internal sealed class PsrdOptions
{
    /// <summary>The size of the blocks to fetch, in bytes: 512 to 16,777,216. Default 262,144.</summary>
    public int BlockSize { get; set; } = 262_144;

    /// <summary>Fetch more when a pool has fewer unused bytes than this: 1 to <see cref="RefillTo"/>. Default 65,536.</summary>
    public long RefillBelow { get; set; } = 65_536;

    /// <summary>Fetch until a pool has at least this many unused bytes. Default 262,144.</summary>
    public long RefillTo { get; set; } = 262_144;
}
