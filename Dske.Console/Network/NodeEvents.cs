namespace Dske.Console.Network;

/// <summary>Tells what changed between two snapshots.</summary>
internal static class NodeEvents
{
    /// <summary>The changes, in the order of the nodes.</summary>
    /// <param name="before">The earlier snapshot; null when there is none, and then nothing has changed.</param>
    /// <param name="after">The later one.</param>
    public static IEnumerable<NodeEvent> Between(NetworkSnapshot? before, NetworkSnapshot after) =>
        before is null ? [] : after.Nodes.SelectMany(node => Between(before, before.Find(node.Name), after, node));

    private static IEnumerable<NodeEvent> Between(NetworkSnapshot before, NodeState? earlier, NetworkSnapshot after, NodeState node)
    {
        NodeEvent Tell(EventTone tone, string text) => new(after.TakenAt, node.Name, tone, text);
        if (earlier is not null && earlier.Health != node.Health)
        {
            yield return (earlier.Health, node.Health) switch
            {
                (NodeHealth.Unknown, NodeHealth.Down) => Tell(EventTone.Warning, $"Not up yet. {node.Reason}"),
                (NodeHealth.Down, NodeHealth.Ready) => Tell(EventTone.Good, "Up again, and ready."),
                (NodeHealth.Down, NodeHealth.NotReady) => Tell(EventTone.Warning, $"Up again, not ready yet. {node.Reason}"),
                (_, NodeHealth.Ready) => Tell(EventTone.Good, "Ready."),
                (_, NodeHealth.NotReady) => Tell(EventTone.Warning, $"Not ready. {node.Reason}"),
                (_, NodeHealth.Down) => Tell(EventTone.Bad, $"Down. {node.Reason}"),
                _ => Tell(EventTone.Warning, "Not heard of any more."),
            };
        }

        if ((earlier?.IsSuspect ?? false) != node.IsSuspect)
        {
            yield return node.IsSuspect
                ? Tell(EventTone.Warning, $"Suspect: wrong shares came over it to {string.Join(", ", node.SuspectedBy)}.")
                : Tell(EventTone.Good, "No longer suspect.");
        }

        if (node.Kind != NodeKind.Client)
        {
            yield break;
        }

        foreach (var link in after.LinksOf(node.Name))
        {
            if (before.Find(link.Client, link.Hub) is not { } earlierLink || link.IsStale || earlierLink.IsStale)
            {
                continue;
            }

            if (earlierLink.IsUsable != link.IsUsable)
            {
                yield return link.IsUsable
                    ? Tell(EventTone.Good, $"The link to {link.Hub} can be used.")
                    : Tell(EventTone.Warning, $"The link to {link.Hub} cannot be used.");
            }

            if (link.Alarm is not null && earlierLink.Alarm != link.Alarm)
            {
                yield return Tell(EventTone.Bad, $"Link to {link.Hub}: {link.Alarm}");
            }
        }
    }
}
