namespace Dske.Console.Network.Picture;

/// <summary>
/// Where things are in the picture: encryptors on the left beside their client, clients in the middle, hubs on the right. Each link leaves its
/// client and reaches its hub at a place of its own, with the gauge of that end's random data beside it.
/// </summary>
public sealed class PictureLayout
{
    /// <summary>The width of the picture.</summary>
    public const double Width = 800;

    /// <summary>The width of a gauge.</summary>
    public const double GaugeWidth = 44;

    /// <summary>The distance between a node and a gauge, and between a gauge and its line.</summary>
    public const double GaugeGap = 6;

    /// <summary>Where the columns begin, for their titles.</summary>
    public const double EncryptorX = 0, ClientX = 164, HubX = 664;

    private const double EncryptorWidth = 128, ClientWidth = 136, HubWidth = 136;
    private const double Top = 30, Gap = 14, PortPitch = 18, Padding = 10, MinHeight = 58, EncryptorHeight = 44, EncryptorGap = 8;

    private readonly Dictionary<string, Box> _boxes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _clientOrder;
    private readonly Dictionary<string, int> _hubOrder;

    /// <summary>Lays out a network.</summary>
    /// <param name="network">The network.</param>
    public PictureLayout(NetworkSnapshot network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _clientOrder = Order(network.Clients);
        _hubOrder = Order(network.Hubs);
        var clientHeights = network.Clients.Select(client => Math.Max(PortsHeight(network.Hubs.Count), EncryptorsHeight(network.EncryptorsOf(client.Name).Count()))).ToList();
        var hubHeights = network.Hubs.Select(_ => PortsHeight(network.Clients.Count)).ToList();
        var height = Math.Max(ColumnHeight(clientHeights), ColumnHeight(hubHeights));
        Place(network.Clients, ClientX, ClientWidth, clientHeights, height);
        Place(network.Hubs, HubX, HubWidth, hubHeights, height);
        foreach (var client in network.Clients)
        {
            PlaceEncryptors([.. network.EncryptorsOf(client.Name)], _boxes[client.Name]);
        }

        Height = Top + height + 2;
        Shape = ShapeOf(network);
    }

    /// <summary>The height of the picture.</summary>
    public double Height { get; }

    /// <summary>The names that the layout is for: it is good as long as a snapshot has the same.</summary>
    public string Shape { get; }

    /// <summary>The names of a network in order, as <see cref="Shape"/>.</summary>
    /// <param name="network">The network.</param>
    public static string ShapeOf(NetworkSnapshot network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return string.Join('|', network.Nodes.Select(static node => $"{node.Kind}:{node.Name}:{node.Node?.Client}"));
    }

    /// <summary>Where a node is.</summary>
    /// <param name="node">Its name.</param>
    /// <returns>The place; an empty one for a node that the layout is not for.</returns>
    public Box Of(string node) => _boxes.GetValueOrDefault(node);

    /// <summary>The height at which a link leaves its client.</summary>
    /// <param name="client">The client.</param>
    /// <param name="hub">The hub.</param>
    public double PortOfClient(string client, string hub) => Port(Of(client), _hubOrder.GetValueOrDefault(hub), _hubOrder.Count);

    /// <summary>The height at which a link reaches its hub.</summary>
    /// <param name="client">The client.</param>
    /// <param name="hub">The hub.</param>
    public double PortOfHub(string client, string hub) => Port(Of(hub), _clientOrder.GetValueOrDefault(client), _clientOrder.Count);

    private static Dictionary<string, int> Order(IReadOnlyList<NodeState> nodes) =>
        nodes.Index().ToDictionary(static node => node.Item.Name, static node => node.Index, StringComparer.Ordinal);

    private static double PortsHeight(int ports) => Math.Max(MinHeight, (ports * PortPitch) + Padding);

    private static double EncryptorsHeight(int encryptors) => (encryptors * (EncryptorHeight + EncryptorGap)) - EncryptorGap;

    private static double ColumnHeight(List<double> heights) => heights.Sum() + (Gap * Math.Max(0, heights.Count - 1));

    private static double Port(Box box, int index, int count) => box.Middle + ((index - ((count - 1) / 2.0)) * PortPitch);

    // A column that needs less room than the other spreads over the same height.
    private void Place(IReadOnlyList<NodeState> nodes, double x, double width, List<double> heights, double height)
    {
        var gap = nodes.Count > 1 ? (height - heights.Sum()) / (nodes.Count - 1) : 0;
        var y = nodes.Count > 1 ? Top : Top + ((height - heights.Sum()) / 2);
        foreach (var (index, node) in nodes.Index())
        {
            _boxes[node.Name] = new Box(x, y, width, heights[index]);
            y += heights[index] + gap;
        }
    }

    private void PlaceEncryptors(List<NodeState> encryptors, Box client)
    {
        var y = client.Middle - (EncryptorsHeight(encryptors.Count) / 2);
        foreach (var encryptor in encryptors)
        {
            _boxes[encryptor.Name] = new Box(EncryptorX, y, EncryptorWidth, EncryptorHeight);
            y += EncryptorHeight + EncryptorGap;
        }
    }
}
