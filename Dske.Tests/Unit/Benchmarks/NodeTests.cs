using System.Net;
using System.Net.Sockets;
using Dske.Benchmarks.Nodes;

namespace Dske.Tests.Unit.Benchmarks;

[Trait("Tier", "Unit")]
public sealed class NodeTests
{
    [Fact]
    public void Sockets_that_listen_are_read_from_both_tables()
    {
        var sockets = ListeningSockets.ReadTable(
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1FA4 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0",
            "   1: 0100007F:1FA5 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000000000000000 20 4 30 10 -1",
            "   2: 00000000000000000000000001000000:1FA6 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0 100 0 0 10 0",
        ]);

        Assert.Equal([(8100, "4711"), (8102, "4713")], sockets);
    }

    [Fact]
    public void The_process_behind_a_port_is_found()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.Equal(Environment.ProcessId, ListeningSockets.FindProcesses(new HashSet<int> { port })[port]);
    }

    [Fact]
    public void A_process_that_is_not_there_is_named_and_the_others_are_measured()
    {
        var watch = new NodeWatch([new("me", "hub", Environment.ProcessId), new("gone", "hub", int.MaxValue)], absence: null);

        watch.Begin();
        var usage = Assert.Single(watch.End());

        Assert.Equal("me", usage.Node.Name);
        Assert.InRange(usage.ResidentBytes, 1, usage.PeakResidentBytes);
        Assert.Contains("gone", watch.Absence, StringComparison.Ordinal);
    }
}
