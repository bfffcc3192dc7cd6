namespace Dske.Protocol.Topology;

/// <summary>Reads the <c>psrd</c> part of a topology file: sizes in bytes, and how they relate.</summary>
internal sealed class PsrdReader(ProblemList problems)
{
    /// <summary>Reads the settings; what is not given keeps its default.</summary>
    public PsrdSettings Read(TopologyFields topology)
    {
        var defaults = new PsrdSettings();
        if (!topology.TryGetElement(TopologyKeys.Psrd, out var element)
            || TopologyFields.Of(element, "a mapping such as {block_size: 262144}", TopologyKeys.OfPsrd, problems) is not { } fields)
        {
            return defaults;
        }

        var before = problems.Count;
        var settings = new PsrdSettings
        {
            BlockSize = fields.GetNumber(
                TopologyKeys.BlockSize, PsrdSettings.MinBlockSize, PsrdSettings.MaxBlockSize, defaults.BlockSize, " bytes"),
            RefillBelow = fields.GetNumber(
                TopologyKeys.RefillBelow, PsrdSettings.MinRefillBelow, PsrdSettings.MaxRefillTo, defaults.RefillBelow, " bytes"),
            RefillTo = fields.GetNumber(
                TopologyKeys.RefillTo, PsrdSettings.MinRefillBelow, PsrdSettings.MaxRefillTo, defaults.RefillTo, " bytes"),
        };

        // Numbers that are wrong by themselves say nothing about how the right ones relate.
        if (problems.Count == before)
        {
            CheckRefill(settings, fields);
        }

        return settings;
    }

    private void CheckRefill(PsrdSettings settings, TopologyFields fields)
    {
        var mark = fields.MarkOf(fields.IsGiven(TopologyKeys.RefillTo) ? TopologyKeys.RefillTo : TopologyKeys.RefillBelow);
        var largest = (long)PsrdSettings.MaxBlocks * settings.BlockSize;
        if (settings.RefillTo <= settings.RefillBelow)
        {
            problems.Add(mark, $"'refill_to' ({settings.RefillTo} bytes) must be more than 'refill_below' ({settings.RefillBelow} bytes)");
        }
        else if (settings.RefillTo > largest)
        {
            problems.Add(
                mark,
                $"'refill_to' ({settings.RefillTo} bytes) must be at most {PsrdSettings.MaxBlocks} times 'block_size', {largest} bytes");
        }
    }
}
